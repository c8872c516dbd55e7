#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Whoever reads bob's output stops, alice ends meanwhile, and nobody else is
# there to tell what she said: bob cannot know how much that was, and says so.
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
signal reader STOP
prepared stopped reader
on 1 "$MCHAT" -S -n alice -w 1 <"$scratch/lines" 2>"$scratch/alice.err"
is $? 1 "alice ends unconfirmed"
signal reader CONT

# What she is known to have said is waited for, for 30 s.
doubts() {
	jq -c 'select(.event == "lost" and .count == null) | .nick' \
		"$scratch/reader.out"
}
doubted() {
	[ -n "$(doubts)" ]
}
wait_for 70 doubted
is "$(doubts)" '"alice"' "what alice may have said is told to be in doubt"
succeeds "and there was more" \
	[ "$(grep -c '"event":"message"' "$scratch/reader.out")" -lt $count ]
is "$(tail -n 1 "$scratch/reader.out" | jq -r .event)" lost "it is told last"
stop bob
finish reader

done_testing
