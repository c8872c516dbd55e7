#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Wrong usage: each line of usage.expected is a command line that gives exit
# status 2, exactly the line on stderr that stands behind it, and no output.

. "${0%/*}/../lib.sh"

tab=$(printf '\t')

# Everything in one text, as the golden line would give it.  -i lo is for the
# day when a wrong command line is taken for a right one.
outcome() {
	timeout 10 "$MCHAT" -i lo "$@" </dev/null \
		>"$scratch/out" 2>"$scratch/err"
	status=$?
	# Which interfaces there are is this machine's affair.
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
