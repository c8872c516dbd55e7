#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The combination that mchat-protocol(7) works out is what another implementation
# makes of its two packets, and each of these comes out of it again; mchat's own
# is tested with the same bytes, and the items are those of the test vectors.

. "${0%/*}/../lib.sh"
requires python3
vectors=$BUILD/tests/peers/vectors
[ -x "$vectors" ] || skip_all "the test vectors are not built"

# The blocks of bytes among the examples, a line of digits each: a packet, bob's
# first and second, their combination, items.
awk '/^\.Sh EXAMPLES/ { is_there = 1 }
	/^\.Sh SEE/ { exit }
	is_there && /^[0-9a-f][0-9a-f] / { line = line $0 }
	is_there && /^\.Ed/ { gsub(/ /, "", line); print line; line = "" }' \
	"$top/src/man/mchat-protocol.7" >"$scratch/blocks"
block() {
	sed -n "$1p" "$scratch/blocks"
}
coded() {
	python3 -B "$top/tests/peers/coded_vectors.py" "$@"
}
first=$(block 2) second=$(block 3) code=$(block 4) items=$(block 5)
is "$(wc -l <"$scratch/blocks")" 5 "the manual has five blocks of bytes"
is "$(coded combine 2 "$first" "$second")" "$code" \
	"the combination is that of both packets"
is "$(coded solve "$code" "$first" -)" "$second" "the second comes out again"
is "$(coded solve "$code" - "$second")" "$first" "and so does the first"
said=$(tr '\n' ' ' <"$top/src/man/mchat-protocol.7")
like "$said" "checks are $(coded check "$first") and $(coded check "$second")," \
	"their checks are as said"
like "$said" "have $((${#first} / 2 - 16)) and $((${#second} / 2 - 16)) bytes" \
	"and so are the sizes of their symbols"

tr -d ' \t\n"' <"$top/tests/unit/coding.c" >"$scratch/unit"
for bytes in "$first" "$second" "$code"; do
	succeeds "mchat is tested with ${#bytes} of the same digits" \
		grep -qF "$bytes" "$scratch/unit"
done
"$vectors" hex | tr -d ' ' >"$scratch/vectors"
succeeds "the items are those of the test vectors" \
	grep -qF "$items" "$scratch/vectors"

done_testing
