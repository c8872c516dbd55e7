#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Source-specific multicast: who lists sources hears those and its own host, and
# nobody else.
#
#   alice (host 1)    bob (host 2)    carol (host 3)
#         |                 |               |
#   ------+------------- br0 --------------+------

. "${0%/*}/../lib.sh"
on_lan 3

told_limits() {
	told alice "only this host and $1 are heard: members elsewhere are not \
waited for and cannot confirm what you say, and what they say comes late or not \
at all; all is well where every member lists every other one with -s"
}

# listens OPTION ADDRESS: alice hears bob, who has the address, and not carol.
listens() {
	start_open alice on 1 "$MCHAT" -n alice -v --trace "$1" -s "$2"
	start_open dora on 1 "$MCHAT" -n dora -v "$1"
	start_open bob on 2 "$MCHAT" -n bob -v "$1"
	start_open carol on 3 "$MCHAT" -n carol -v "$1"
	for name in alice dora bob carol; do
		is_in $name
	done
	succeeds "$1: alice is told what cannot be" wait_for 5 told_limits "$2"
	say carol "from carol"
	succeeds "$1: bob hears carol" wait_for 5 shows bob "from carol"
	say bob "from bob"
	succeeds "$1: alice hears bob" wait_for 5 shows alice "from bob"
	say dora "next door"
	succeeds "$1: alice hears her own host" wait_for 5 shows alice "next door"
	say alice "from alice"
	succeeds "$1: carol hears alice" wait_for 5 shows carol "from alice"
	for name in alice dora bob; do
		hang_up $name
		finish $name
		is $? 0 "$1: exit status of $name"
	done
	# Alice has her line by a repair of bob's, or not at all.
	hang_up carol
	finish carol || [ $? -eq 1 ] || not_ok "$1: exit status of carol"
	rm "$scratch"/*.in
	is "$(grep -c '<- STATE *carol' "$scratch/alice.err")" 0 \
		"$1: nothing of carol's own comes to alice"
}

listens -4 10.77.0.2
listens -6 fe80::2

# -w speaks of members that are heard.
start_open carol on 3 "$MCHAT" -n carol -v
is_in carol
on 1 "$MCHAT" -s 10.77.0.2 -w 1 -T 0.5 -m hello 2>"$scratch/err"
is $? 1 "-w: who is not listed does not count"
like "$(cat "$scratch/err")" "0 of 1 members came" "-w: and that is said"
on 1 "$MCHAT" -s 10.77.0.3 -w 1 -m hello 2>"$scratch/err"
is $? 0 "-w: who is listed does"
hang_up carol
finish carol

# The kernel's limit counts our own address, too.
many=
for host in 2 3 4 5 6 7 8 9 10 11; do
	many="$many -s 10.77.0.$host"
done
# shellcheck disable=SC2086 # they are words
on 1 "$MCHAT" $many -m hello 2>"$scratch/err"
is $? 1 "ten others are too many: exit status"
like "$(cat "$scratch/err")" "10 sources at most.*net.ipv4.igmp_max_msf" \
	"ten others are too many: the limit is named"

# Raw, and with another address that the own one has become.
start_open bob on 2 "$MCHAT" --raw -v -s 10.77.0.1 -R
is_in bob
echo "listed" | on 1 "$MCHAT" --raw -S
echo "not listed" | on 3 "$MCHAT" --raw -S
echo "and again" | on 1 "$MCHAT" --raw -S
succeeds "raw: what is listed comes" wait_for 5 shows bob "and again"
is "$(grep -c "not listed" "$scratch/bob.out")" 0 "raw: nothing else does"
on 2 ip addr flush dev eth0
on 2 ip addr add 10.77.0.22/24 dev eth0
succeeds "raw: another address is noticed" \
	wait_for 5 grep -q '(10.77.0.22)' "$scratch/bob.err"
echo "own host" | on 2 "$MCHAT" --raw -S
succeeds "raw: and then is the own one" wait_for 5 shows bob "own host"

done_testing
