#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A firewall on her own host refuses what alice sends.  She is told once that it
# does, and once that it does no longer; her lines wait.
#
#   alice, carol (host 1)       bob (host 2)
#         |  <- refused               |
#   ------+----------- br0 -----------+------

. "${0%/*}/../lib.sh"
on_lan 2
requires nft

refusal="send: Operation not permitted; a firewall on this host refuses it"
refuse() {
	on 1 nft -f - <<-END
		table ip wall {
			counter refused { }
			chain out {
				type filter hook output priority 0
				udp dport 62428 counter name refused drop
			}
		}
	END
}
# refusals COUNT: so many packets were refused at least.
refusals() {
	[ "$(on 1 nft list counter ip wall refused |
		awk '$1 == "packets" { print $2 }')" -ge "$1" ]
}

start_open alice on 1 "$MCHAT" -n alice
start_open carol on 1 "$MCHAT" -n carol -q
start_open bob on 2 "$MCHAT" -n bob
prepared has_members 1 eth0 2
prepared has_members 2 eth0 1
say bob "hello"
succeeds "before the refusal alice hears bob" wait_for 5 shows alice "hello"

refuse || skip_all "nft does not work here"
say alice "one"
succeeds "alice is told that it is refused" wait_for 5 told alice "$refusal"
succeeds "carol, with -q, is told that it is refused" wait_for 10 told carol "$refusal"
say alice "two"
succeeds "many more packets are refused" wait_for 10 refusals 20
succeeds "alice was told of the refusal once" told alice "$refusal"
succeeds "carol was told of the refusal once" told carol "$refusal"

on 1 nft delete table ip wall
succeeds "when packets pass again, bob gets alice's last line" wait_for 10 shows bob "alice: two"
succeeds "when packets pass again, bob gets alice's first line" shows bob "alice: one"
succeeds "alice is told that sending works again" wait_for 10 told alice "send: works again"
hang_up alice
finish alice
is $? 0 "alice: exit status"
hang_up carol
finish carol
is $? 0 "carol: exit status"
is "$(cat "$scratch/carol.err")" "mchat: $refusal" "carol, with -q, was told of nothing else"

done_testing
