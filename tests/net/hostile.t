#!/bin/sh
# SPDX-License-Identifier: ISC
#
# 100,000 hostile datagrams: noise, packets that were changed, members that do
# not exist and claim what cannot be.  Meanwhile two honest members go on
# talking, hear every line of each other in order, and stay small.
#
#   ann (host 1)   bob (host 2)   forger (host 3)
#      |              |              |
#   ---+--------------+--- br0 ------+---
#
# HOSTILE=1000000 sends more; SEED=N repeats a run.

. "${0%/*}/../lib.sh"
requires jq
on_lan 3

: "${HOSTILE:=100000}"
SEED=${SEED:-$(date +%s)}
note "SEED=$SEED"
export SEED
rate=10000 # a second; at a higher one lines would arrive, too, but late
lines=100  # of each, spread over the time
limit=40960 # KiB resident at most: 16 MiB of members, and what they report

forger=$BUILD/tests/peers/forger
# heard NAME OF: the lines of the honest member OF that NAME showed.  A changed
# packet may have its nick, but not its id.
heard() {
	jq -r --arg nick "$2" 'if .event == "join" and .nick == $nick then .id
		else empty end' "$scratch/$1.out" | head -n 1 >"$scratch/id"
	jq -r --arg id "$(cat "$scratch/id")" 'select(.event == "message" and
		.id == $id) | .text' "$scratch/$1.out"
}
hears() {
	grep -q "\"nick\":\"$2\".*\"text\":\"$2 $3\"" "$scratch/$1.out"
}

start_open ann on 1 "$MCHAT" -f json -n ann
start_open bob on 2 "$MCHAT" -f json -n bob
prepared shows ann '"join","nick":"bob"'
prepared shows bob '"join","nick":"ann"'

start forger on 3 "$forger" 10.77.0.3 239.255.77.67 62428 "$HOSTILE" $rate
for line in $(seq $lines); do
	say ann "ann $line"
	say bob "bob $line"
	wait_for $((HOSTILE / rate)) hears bob ann "$line"
	wait_for $((HOSTILE / rate)) hears ann bob "$line"
	sleep "$(awk "BEGIN { print $HOSTILE / $rate / $lines }")"
done
wait_for $((HOSTILE / rate + 10)) ended forger
finish forger
is $? 0 "the forger's exit status"

say ann "ann the last word"
say bob "bob the last word"
succeeds "after the attack ann hears bob" wait_for 20 hears ann bob "the last word"
succeeds "after the attack bob hears ann" wait_for 20 hears bob ann "the last word"
for names in ann:bob bob:ann; do
	name=${names%:*} other=${names#*:}
	is "$(heard "$name" "$other" | cksum)" \
		"$({ seq $lines; echo "the last word"; } |
			sed "s/^/$other /" | cksum)" \
		"$name heard every line of $other, in order"
	if [ "${BUILD##*/}" = asan ]; then
		note "$name's memory is not measured: a sanitizer takes more"
		continue
	fi
	peak=$(resident_kib "$name" VmHWM)
	note "$name: $peak KiB at most"
	succeeds "$name stays within $limit KiB" [ "$peak" -le $limit ]
done
for member in ann bob; do
	fails "$member is still there" ended $member
	hang_up $member
	stop $member 2>/dev/null
	fails "$member did not crash" grep -e Sanitizer -e 'runtime error' \
		"$scratch/$member.err"
done

done_testing
