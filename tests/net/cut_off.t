#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Whoever reads bob's output stops, alice ends meanwhile, and nobody else is
# there to tell what she said: bob says what he lost, or that he cannot know.
#
#   lines | alice (host 1)   bob (host 2) | reader: cat, stopped
#                |             |
#            ----+---- br0 ----+----

. "${0%/*}/../lib.sh"
requires jq
on_lan 2

count=1000000
seq $count >"$scratch/lines"

mkfifo "$scratch/bob.out"
start reader cat "$scratch/bob.out"
start bob on 2 "$MCHAT" -R -f json -n bob
prepared has_members 2 eth0 1
signal reader STOP
prepared stopped reader
on 1 "$MCHAT" -S -n alice -w 1 <"$scratch/lines" 2>"$scratch/alice.err"
is $? 1 "alice ends unconfirmed"
signal reader CONT

# What she is known to have said is waited for, for 30 s; she may have been
# heard to the end, or not.
has_left() {
	shows reader '"event":"leave"'
}
wait_for 70 has_left
jq -r 'select(.event == "lost") | .count' "$scratch/reader.out" \
	>"$scratch/losses"
came=$(grep -c '"event":"message"' "$scratch/reader.out")
note "$came of $count came; lost: $(cat "$scratch/losses")"
is_told() {
	grep -q null "$scratch/losses" ||
		[ $((came + $(cat "$scratch/losses"))) -eq "$count" ]
}
succeeds "something was lost" [ "$came" -lt $count ]
succeeds "and how much, or that nobody can tell" is_told
stop bob
finish reader

done_testing
