# SPDX-License-Identifier: ISC
# shellcheck shell=sh
#
# For tests that play on the simulator, behind lib.sh.

: "${scratch:?}" "${BUILD:?}"
sim=$BUILD/tests/sim/sim
[ -x "$sim" ] || skip_all "the simulator is not built"

# plays SCENARIO SEEDS: a check that nothing is violated, from SEED on.
plays() {
	if "$sim" --seeds "$2" --seed "${SEED:-1}" \
		--scenario "$1" >"$scratch/said" 2>&1; then
		ok "$1"
	else
		not_ok "$1"
		note "$(cat "$scratch/said")"
	fi
}
