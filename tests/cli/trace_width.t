#!/bin/sh
# SPDX-License-Identifier: ISC
#
# --trace at a terminal: lines are wrapped between words, to the width of the
# window; in a file each packet is one line.

. "${0%/*}/../lib.sh"
requires script stty timeout

group=$own_address:5117

# traced COLUMNS: the trace of a chat that sends one line and leaves.
traced() {
	script -qec "stty cols $1; timeout 20 \"$MCHAT\" --trace --color never \
		-n lee -m hello -T 0 -i lo $group" /dev/null </dev/null |
		tr -d '\r'
}

# words: what a trace says, with rows joined, without times.
words() {
	sed -n 's/^ *[0-9.]* \([-<][->] .*\)/\1/p
		s/^ \{13\}\([^ ]\)/+\1/p' | tr '\n' '@' | sed 's/@+/ /g' |
		tr '@' '\n' | tr -s ' '
}

timeout 20 "$MCHAT" --trace -n lee -m hello -T 0 -i lo "$group" \
	2>"$scratch/filed" >/dev/null </dev/null
words <"$scratch/filed" >"$scratch/words"
like "$(cat "$scratch/words")" '^-> DATA 1 me [0-9]+ bytes lo TTL 1 first sending: ' \
	"in a file a packet is one line"
for columns in 80 60 50; do
	traced $columns >"$scratch/shown"
	is "$(grep -v '^mchat: ' "$scratch/shown" |
		awk "length >= $columns")" "" "at $columns columns it fits"
	is "$(words <"$scratch/shown" | grep DATA)" "$(grep DATA "$scratch/words")" \
		"at $columns columns no word is cut"
done

done_testing
