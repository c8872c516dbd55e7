#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Wrong usage: each line of usage.expected is a command line that gives exit
# status 2, on stderr exactly the line that follows it, and no output.

. "${0%/*}/../lib.sh"

tab=$(printf '\t')

# Everything in one text, as the golden line has it.  -i lo keeps a wrong command
# line that is taken for a right one from reaching a network.
outcome() {
	timeout 10 "$MCHAT" -i lo "$@" </dev/null \
		>"$scratch/out" 2>"$scratch/err"
	status=$?
	# Which interfaces there are depends on the machine.
	printf 'status %d: %s' "$status" "$(cat "$scratch/out")"
	sed 's/those up are: lo.*/those up are: lo/' "$scratch/err"
}

while IFS=$tab read -r words complaint; do
	case $words in
	'' | '#'*) continue ;;
	esac
	# The table is ours, and writes odd bytes as "$(printf '...')".
	eval "set -- $words"
	is "$(outcome "$@")" "status 2: mchat: $complaint" "mchat $words"
done <"$top/tests/cli/usage.expected"

done_testing
