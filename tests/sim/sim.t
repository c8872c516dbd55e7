#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The protocol on a virtual network: each scenario, with a few seeds ("make sim
# SEEDS=n SEED=k" plays more).
#
#   SEEDS  seeds of each scenario (5)
#   SEED   the first one (1)

. "${0%/*}/../lib.sh"

sim=$BUILD/tests/sim/sim
[ -x "$sim" ] || skip_all "the simulator is not built"

# Those of a thousand members have a file of their own.
for scenario in $("$sim" --list | grep -v -x -e idle1000 -e lost-at-999); do
	if timeout 150 "$sim" --seeds "${SEEDS:-5}" \
		--seed "${SEED:-1}" --scenario "$scenario" \
		>"$scratch/said" 2>&1; then
		ok "$scenario"
	else
		not_ok "$scenario"
		note "$(cat "$scratch/said")"
	fi
done

# The same seed is the same run.
play() {
	"$sim" --seeds 1 --seed 7 --scenario all | grep '^all '
}
is "$(play)" "$(play)" "a seed plays the same again"

"$sim" --scenario nonsense 2>/dev/null
is $? 2 "an unknown scenario is a mistake"

done_testing
