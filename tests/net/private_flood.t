#!/bin/sh
# SPDX-License-Identifier: ISC
#
# 50,000 datagrams a second of somebody without the key, of random bytes, with
# the right tag, of strange sessions, copies of what was sent: two members of a
# private group hear every line of each other meanwhile, send nothing because of
# it, and take no memory for it.
#
#   ann (host 1)   bob (host 2)   mallory (host 3)
#      |              |              |
#   ---+--------------+--- br0 ------+---

. "${0%/*}/../lib.sh"
requires python3 jq
flood=$BUILD/tests/peers/flood
[ -x "$flood" ] || skip_all "the flood is not built"
on_lan 3

rate=50000
duration=3 # of each flood, in seconds
key=$scratch/class.key
"$MCHAT" key new "$key" >/dev/null
group=$("$MCHAT" key show "$key" | sed 's/.*group \([0-9.]*\),.*/\1/')

# says_all LINE: ann and bob each say a line, and hear that of the other.
says_all() {
	say ann "ann $1"
	say bob "bob $1"
	wait_for 10 shows bob "ann $1" && wait_for 10 shows ann "bob $1"
}

record=$scratch/record
start recorder on 3 python3 -B "$top/tests/peers/private_peer.py" record \
	"10.77.0.3,$group,62428" "$record"
prepared shows recorder recording
start_open ann on 1 "$MCHAT" -k "$key" --stats -f bare -n ann
start_open bob on 2 "$MCHAT" -k "$key" --stats -f bare -n bob
prepared knows ann bob
prepared knows bob ann
# Large ones, too.
numbered 1000 >"$scratch/ann.in"
prepared has_lines bob 1000
succeeds "ann and bob hear one another" says_all 0
stop recorder
succeeds "mallory has datagrams of all sizes" \
	[ "$(awk '{ print length($0) }' "$record" | sort -u | wc -l)" -ge 3 ]

# After a first round, so that memory for what is honest is there.
for member in ann bob; do
	resident_kib $member VmHWM >"$scratch/$member.before"
done

line=0
for how in noise forged strangers copies; do
	before=$(udp_sent 1)
	start mallory on 3 "$flood" 10.77.0.3 "$group" 62428 "$how" \
		$rate $duration <"$record"
	# A line each, and another one when both have come.
	first=$line
	while ! ended mallory && [ "$line" -lt $((first + 100)) ]; do
		line=$((line + 1))
		says_all "$line" || break
		sleep 0.1
	done
	succeeds "$how: ann and bob hear one another meanwhile" \
		[ "$line" -gt $((first + 2)) ]
	wait_for $((duration + 10)) ended mallory
	finish mallory
	is $? 0 "$how: the flood's exit status"
	note "$how: $(cat "$scratch/mallory.out") datagrams; ann sent \
$(($(udp_sent 1) - before))"
	note "$how: $((line - first)) lines each"
	# Its lines, its STATEs and those that confirm bob's.
	succeeds "$how: ann sends nothing because of it" \
		[ "$(($(udp_sent 1) - before))" -le $((duration * 100)) ]
done
is "$(grep '^bob ' "$scratch/ann.out" | cksum)" \
	"$(seq -f 'bob %g' 0 $line | cksum)" "ann has each of bob's lines once"
is "$(grep '^ann ' "$scratch/bob.out" | cksum)" \
	"$(seq -f 'ann %g' 0 $line | cksum)" "bob has each of ann's lines once"
is "$(wc -l <"$scratch/ann.out")" $((line + 1)) "ann has nothing else"
is "$(wc -l <"$scratch/bob.out")" $((line + 1001)) "nor has bob"

for member in ann bob; do
	before=$(cat "$scratch/$member.before")
	peak=$(resident_kib $member VmHWM)
	note "$member: $before KiB before, $peak KiB at most"
	[ "${BUILD##*/}" = asan ] ||
		succeeds "$member takes no memory for it" \
			[ "$peak" -le $((before + 2048)) ]
	hang_up $member
	finish $member
	is $? 0 "$member's exit status"
	note "$member: $(grep -i forged "$scratch/$member.err" | tail -n 2)"
done

done_testing
