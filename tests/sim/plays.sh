# SPDX-License-Identifier: ISC
# shellcheck shell=sh
#
# For tests that play on the simulator, behind lib.sh.

: "${scratch:?}" "${BUILD:?}"
sim=$BUILD/tests/sim/sim
[ -x "$sim" ] || skip_all "the simulator is not built"

# A thousand engines take a gigabyte, of which each packet goes through most:
# with large pages that takes a fifth less time.
GLIBC_TUNABLES=glibc.malloc.hugetlb=1
export GLIBC_TUNABLES

# plays SCENARIO SEEDS [OPTION]: a check that nothing is violated, from SEED on.
plays() {
	if "$sim" --seeds "$2" --seed "${SEED:-1}" ${3:+"$3"} \
		--scenario "$1" >"$scratch/said" 2>&1; then
		ok "$1${3:+, $3}"
	else
		not_ok "$1${3:+, $3}"
		note "$(cat "$scratch/said")"
	fi
}
