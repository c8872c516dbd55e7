#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A member that does not hear us is here, and no member that is missing: we are
# told so, once, and that it can hear us in the end; when it leaves before it
# confirmed anything, nothing was delivered to it.
#
#   alice (host 1)     bob (host 2) --- firewall: nothing comes in
#         |                 |
#   ------+------ br0 ------+------

. "${0%/*}/../lib.sh"
requires nft
on_lan 2

deafen() {
	on 2 nft 'add table inet wall;
		add chain inet wall in { type filter hook input priority 0; };
		add rule inet wall in udp dport 62428 drop'
}
firewall="look for a firewall there that keeps UDP port 62428 out"

deafen || skip_all "nft does not work here"
start_open bob on 2 "$MCHAT" -n bob
prepared has_members 2 eth0 1

printed=$(on 1 "$MCHAT" -n alice -q -w 1 -T 1 -m "anyone?" 2>&1)
is $? 1 "-w 1: exit status"
like "$printed" "^mchat: 0 of 1 members came before the timeout; `
	`nothing was sent; bob is here but does not hear you; $firewall" \
	"-w 1: the timeout says that bob is here, and why he may not hear"

start_open alice on 1 "$MCHAT" -n alice
warnings() {
	grep "does not hear you" "$scratch/alice.err"
}
hears() {
	grep -Fx "mchat: bob hears you now" "$scratch/alice.err"
}
succeeds "alice is told that bob does not hear her" wait_for 30 warnings
like "$(warnings)" "^mchat: bob is here but does not hear you; $firewall" \
	"with the cause that fits"
fails "bob has not heard her yet" hears

on 2 nft delete table inet wall
succeeds "without the firewall she is told that he does" wait_for 30 hears
say alice "hello"
succeeds "as is the case" wait_for 10 shows bob "hello"
is "$(warnings | wc -l)" 1 "she was told once that he does not"
hang_up alice
finish alice
is $? 0 "all that she said is confirmed: exit status"

# ---- one that leaves without ever having heard ----

deafen
start_open carol on 1 "$MCHAT" -n carol
hang_up bob
finish bob
rm "$scratch/bob.in"
start_open bob on 2 "$MCHAT" -n bob
prepared knows carol bob
say carol "one"
gone() {
	grep -q "bob left" "$scratch/carol.err"
}
hang_up bob
finish bob
prepared gone
hang_up carol
finish carol
is $? 1 "who left of his own will before he confirmed: exit status"
like "$(cat "$scratch/carol.err")" \
	"not confirmed by bob \(has left, lacks line 1\)" "he is named"

done_testing
