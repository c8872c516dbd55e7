#!/bin/sh
# SPDX-License-Identifier: ISC
#
# --peer any: who names this host is heard, once it has shown that its address
# is not forged; also from behind a NAT, which the router is here.
#
#   outer  host 1   lan  host 2   stranger  host 2           inner  host 3
#            |             |                                       |
#   --- br0 -+-------------+-- 10.77.0.254  NAT  10.78.0.254 - br1 +---

. "${0%/*}/../lib.sh"
requires smcrouted nft
on_lan --router 4

nat() {
	on router nft -f - <<-END
		table ip nat {
			chain out {
				type nat hook postrouting priority srcnat
				ip saddr 10.78.0.0/24 oif eth0 masquerade
			}
		}
	END
}

start_open outer on 1 "$MCHAT" -v -n outer -f bare --peer any
start_open lan on 2 "$MCHAT" -v -n lan -f bare
prepared knows outer lan

# ---- strangers ----

start_open stranger on 2 "$BUILD/tests/peers/stranger" 10.77.0.1 62428
for word in plain other answer challenge; do
	say stranger $word
done
say stranger state
succeeds "who speaks the protocol is challenged" \
	wait_for 5 shows stranger "6 24"
is "$(cat "$scratch/stranger.out")" "6 24" \
	"nothing else was answered: text, other rooms, bytes never asked for"
say stranger answer
say outer "for the members"
prepared shows lan "for the members"

# challenged COUNT: so often; each time it speaks up, if not too often.
challenged() {
	say stranger state
	[ "$(wc -l <"$scratch/stranger.out")" -ge "$1" ]
}
succeeds "it may try again" wait_for 5 challenged 2
say stranger challenge
succeeds "and again" wait_for 5 challenged 3
is "$(sort -u "$scratch/stranger.out")" "6 24" \
	"whose address may be forged gets nothing but challenges"
fails "nor is it heard" grep -q eve "$scratch/outer.err"
stop stranger
hang_up stranger

# ---- a NAT ----

if ! reason=$(nat 2>&1); then
	skip "from behind a NAT" "$reason"
	done_testing
fi
start_open inner on 3 "$MCHAT" -v -n inner -f bare --peer 10.77.0.1
succeeds "from behind a NAT the outer host is reached" \
	wait_for 5 knows inner lan
succeeds "whose member sees the address of the NAT" \
	wait_for 5 grep -q 'peer 10\.77\.0\.254:[0-9]* is heard' "$scratch/outer.err"
say inner "from inside"
succeeds "a line from inside is heard on the other network" \
	wait_for 5 shows lan "from inside"
say lan "from outside"
succeeds "and one from there inside" wait_for 5 shows inner "from outside"

# ---- names, and a port that is taken ----

start second on 1 "$MCHAT" -v -R -n second --peer 10.77.0.2
succeeds "a second member with peers gets another port, and says so" \
	wait_for 5 grep -q "^mchat: port 62428 is taken on this host, by another member for its peers or by another program; who names this one adds :[0-9]" \
	"$scratch/second.err"
succeeds "a peer that is not there is told, with the next step" wait_for 20 \
	grep -q '^mchat: peer 10\.77\.0\.2 is not heard; run mchat there with --peer' \
	"$scratch/second.err"
stop second

start named on 2 "$MCHAT" -v -R -n named --peer nosuch.invalid --peer any
succeeds "a name that leads nowhere is told, with the next step" wait_for 40 \
	grep -q '^mchat: peer nosuch\.invalid: .*; mchat looks it up again each 30 s: check the name$' \
	"$scratch/named.err"
succeeds "and the chat goes on" wait_for 10 knows named outer
stop named

# As a name server says that blocks a name, or an address in the way of inet_aton.
for name in 0 239.1; do
	start wrong on 2 "$MCHAT" -v -R -n wrong --peer $name
	succeeds "nor is $name a host, but nobody's address, or a group's" \
		wait_for 10 told wrong \
		"peer $name: no such host; mchat looks it up again each 30 s: check the name"
	stop wrong
done
stop_open outer lan inner
done_testing
