#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Bob's reader stops, alice ends meanwhile, and no other member has what she
# said: bob says how much he lost, or that he cannot know.
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
is $? 1 "alice's exit status: bob has not confirmed"
signal reader CONT

# Bob waits up to 30 s for what he knows alice to have said; he may have heard
# that it was her last, or not.
has_left() {
	shows reader '"event":"leave"'
}
wait_for 70 has_left
jq -r 'select(.event == "lost") | .count' "$scratch/reader.out" \
	>"$scratch/losses"
came=$(grep -c '"event":"message"' "$scratch/reader.out")
# It may be told in parts.
lost=$(awk '{ sum += $1 } END { print sum + 0 }' "$scratch/losses")
note "$came of $count came; lost: $(tr '\n' ' ' <"$scratch/losses")"
is_told() {
	grep -q null "$scratch/losses" || [ $((came + lost)) -eq "$count" ]
}
succeeds "bob lost something" [ "$came" -lt $count ]
# Once alice is gone, the kernel alone knows.
if has_linux "SO_RXQ_OVFL"; then
	succeeds "bob tells how much he lost, or that nobody can know" is_told
fi
stop bob
finish reader

done_testing
