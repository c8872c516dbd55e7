#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A class breaks the network while it chats: what /drop, /duplicate and /reorder
# do is seen in the trace, in /stats, and not in what is said.
#
#   alice (host 1)      bob (host 2), at a terminal
#         |                  |
#   ------+------ br0 -------+------

. "${0%/*}/../lib.sh"
on_lan 2
. "$top/tests/screen.sh"

# has_trace WORDS: a line of bob's trace ends with them.
has_trace() {
	grep -Eq -- "<- .*  $1" "$scratch/bob.err"
}

# has_answer TEXT: bob was told so, where he asked.
has_answer() {
	screen capture-pane -pJ -S - | sed 's/ *$//' | grep -qxF -- "mchat: $1"
}

# stat NAME: what the last /stats says of it, in its table.
stat() {
	screen capture-pane -pJ | sed -n "s/^mchat: .*$1  *\([0-9]*\).*/\1/p
		s/^mchat: $1  *\([0-9]*\).*/\1/p" | tail -n 1
}

start_open alice on 1 "$MCHAT" -n alice
open_screen "on 2 '$MCHAT' -n bob --trace --seed 7 2>'$scratch/bob.err'"
prepared sees 'here: alice|alice joined'

press /drop Enter
succeeds "/drop says what the rate is" \
	wait_for 5 has_answer "of what comes in 0 % is lost"
press "/drop 40" Enter
succeeds "/drop 40 says what the rate is from then on" \
	wait_for 5 has_answer "of what comes in 40 % is lost"
press "/duplicate 40" Enter
press "/reorder 40" Enter
prepared has_answer "of what comes in 40 % is overtaken"
press "/drop much" Enter
succeeds "/drop with a word that is no rate is refused" \
	wait_for 5 has_answer "/drop much: write /drop [P] (lose P percent of what comes in)"

for number in $(seq 40); do
	say alice "line $number"
	sleep 0.02
done
succeeds "the last line comes through" wait_for 20 sees 'alice: line 40$'
is "$(screen capture-pane -p -S - | sed -n 's/.*alice: line //p')" "$(seq 40)" \
	"every line comes through, once and in order"

succeeds "the trace tells of loss" wait_for 5 has_trace "dropped on purpose$"
succeeds "the trace tells of duplicates" wait_for 5 has_trace "taken twice on purpose$"
succeeds "the trace tells of reordering" \
	wait_for 5 has_trace "held back on purpose, to be overtaken$"
succeeds "the trace tells of repair" wait_for 5 has_trace "fills a gap: "

press /stats Enter
prepared sees "reordered on purpose"
for name in "repaired for me" duplicates "dropped on purpose" \
	"duplicated on purpose" "reordered on purpose"; do
	like "$(stat "$name")" '^[1-9]' "/stats: $name is not 0"
done

done_testing
