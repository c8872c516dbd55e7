#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The same scenarios in a private group: what is sealed and opened on the way is
# to make no difference, and no nonce is used twice.
#
#   SEEDS  seeds of each scenario (2)
#   SEED   the first one (1)

. "${0%/*}/../lib.sh"
. "${0%/*}/plays.sh"

case $BUILD in
*/asan) skip_all "a sanitizer takes minutes for it" ;;
esac

# Those that are sealed anyway are played by sim.t; what fills the memory, or has
# a thousand members, does the same as there.
for scenario in $("$sim" --list | grep -v -x -E \
	'outsider.*|clocks.*|restarts|sealed1000|.*1000|lost-at-999|crowd1050' |
	grep -v -x -E 'hoard|attack-.*'); do
	plays "$scenario" "${SEEDS:-2}" --sealed
done
plays attack-claim 1 --sealed
plays attack-lie 1 --sealed

done_testing
