#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat doctor -k: members of a private group reply to who has the key, and to
# nobody else; nothing of it leaves in the clear.

. "${0%/*}/../lib.sh"
requires tcpdump
on_lan 3

key=$scratch/group.key
"$MCHAT" key new "$key" >/dev/null || exit 1
"$MCHAT" key new "$scratch/other.key" >/dev/null || exit 1

# doctor WORD...: its exit status and its verdict in $found, JSON in $out.
out=$scratch/out
doctor() {
	on 1 "$MCHAT" doctor -f json "$@" >"$out" 2>"$scratch/err"
	status=$?
	found="$status $(sed -n 's/.*"event":"verdict","cause":"\([^"]*\)".*/\1/p' "$out")"
}

start_open bob on 2 "$MCHAT" -k "$key" -v -n bob
start_open kim on 3 "$MCHAT" -k "$key" -v -n kim
prepared knows bob kim

start dump on 3 tcpdump -i eth0 -n -U -w "$scratch/seen.pcap" udp
prepared grep -q 'listening on' "$scratch/dump.err"
doctor -k "$key" -v
is "$found" "0 ok" "with the key: members hear us and we hear them"
like "$(cat "$out")" '10\.77\.0\.2.*' "bob is found"
like "$(cat "$out")" '10\.77\.0\.3.*' "and kim"
is "$(cat "$scratch/err")" "" "nothing else is said"
finish dump 2>/dev/null
stop dump 2>/dev/null
# Each datagram begins with F9 and the version of what is sealed.
on 3 tcpdump -r "$scratch/seen.pcap" -n 'udp[8] = 0xf9 and udp[9] & 0xf0 = 0x20' \
	2>/dev/null >"$scratch/sealed"
on 3 tcpdump -r "$scratch/seen.pcap" -n \
	'udp port 62428 and not (udp[8] = 0xf9 and udp[9] & 0xf0 = 0x20)' \
	2>/dev/null >"$scratch/clear"
succeeds "what it sent and got was sealed" test -s "$scratch/sealed"
is "$(head -n 3 "$scratch/clear")" "" "all of it"
fails "the members take it for one of theirs" \
	grep -q 'without a key\|forged\|another key' "$scratch/bob.err"

MCHAT_KEY=$key doctor
is "$found" "0 ok" "MCHAT_KEY names the key, too"

doctor -k "$scratch/other.key"
is "$found" "0 alone" "with another key nobody replies"
doctor -k none
is "$found" "0 alone" "nor without one"

on 2 nft -f - <<-END
	table inet wall {
		chain in {
			type filter hook input priority 0
			udp dport 62428 ip daddr 224.0.0.0/4 drop
		}
	}
END
doctor -k "$key"
is "${found%% *}" 1 "a wall before one of the members is found by the seal, too"
like "$(cat "$out")" '"member":"10\.77\.0\.2' "and where it is"

on 1 "$MCHAT" doctor -k "$scratch/none.key" >"$out" 2>"$scratch/err"
is $? 1 "a key file that is not there: exit status 1"
on 1 "$MCHAT" doctor -k "" >"$out" 2>"$scratch/err"
is $? 2 "no name: wrong usage"

stop_open bob kim
done_testing
