#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A thousand members on a virtual network: idle, and when all lose one packet.
#
#   SEED  the seed (1)

. "${0%/*}/../lib.sh"

sim=$BUILD/tests/sim/sim
[ -x "$sim" ] || skip_all "the simulator is not built"
case $BUILD in
*/asan) skip_all "a sanitizer takes minutes for it" ;;
esac

for scenario in idle1000 lost-at-999; do
	if "$sim" --seeds 1 --seed "${SEED:-1}" --scenario "$scenario" \
		>"$scratch/said" 2>&1; then
		ok "$scenario"
	else
		not_ok "$scenario"
		note "$(cat "$scratch/said")"
	fi
done

done_testing
