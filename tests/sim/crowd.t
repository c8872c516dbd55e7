#!/bin/sh
# SPDX-License-Identifier: ISC
#
# More than a thousand members on a virtual network, of which three talk; and ten
# thousand, of which a hundred are engines.
#
#   SEED  the seed (1)

. "${0%/*}/../lib.sh"
. "${0%/*}/plays.sh"

case $BUILD in
*/asan) skip_all "a sanitizer takes minutes for it" ;;
esac

plays crowd1050 1

plays crowd-10000 1
succeeds "10,000 idle members send at most 60 packets a second, and a line reaches `
	`99 in 100 times all of them within 100 ms" \
	awk -f "${0%/*}/goals.awk" "$scratch/said"
is "$(awk -f "${0%/*}/goals.awk" "$scratch/said" | grep -c '^met')" 2 \
	"both are judged"
done_testing
