#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Another processor encodes and decodes the same bytes as this one, and plays the
# protocol in the same steps.  scripts/cross sets EMULATOR.

. "${0%/*}/../lib.sh"
[ -n "${EMULATOR-}" ] || skip_all "scripts/cross runs this"

here=$top/build/release
[ -x "$here/tests/sim/sim" ] || skip_all "nothing is built for this machine"

# same NAME PROGRAM ARGUMENT...: it says the same there as here.
same() {
	of=$1 program=$2
	shift 2
	"$here/tests/$program" "$@" >"$scratch/here" 2>&1
	# shellcheck disable=SC2086 # a command with its arguments
	$EMULATOR "$BUILD/tests/$program" "$@" >"$scratch/there" 2>&1
	is $? 0 "$of: it ends well"
	succeeds "$of: it says something" [ -s "$scratch/there" ]
	# Seconds and bytes of memory are the machine's.
	for side in here there; do
		awk '
			$1 == "scenario" {
				for (i = 1; i <= NF; i++)
					is_own[i] = $i == "seconds" ||
						$i == "mem_k"
			}
			{
				for (i in is_own)
					if (is_own[i])
						$i = ""
				sub(/steps in .*/, "steps")
				print
			}' "$scratch/$side" >"$scratch/$side.said"
	done
	is "$(cat "$scratch/there.said")" "$(cat "$scratch/here.said")" \
		"$of: it says what it says here"
}

for what in hex spoiled twins; do
	same "vectors, $what" peers/vectors $what
done
for scenario in perfect all flood random small-mtu loss30-large attack-lacks; do
	same "simulator, $scenario" sim/sim --seeds 1 --scenario $scenario
done
same "simulator, all, sealed" sim/sim --seeds 1 --scenario all --sealed

done_testing
