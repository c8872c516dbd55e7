#!/bin/sh
# SPDX-License-Identifier: ISC
#
# More than a thousand members on a virtual network, of which three talk.
#
#   SEED  the seed (1)

. "${0%/*}/../lib.sh"
. "${0%/*}/plays.sh"

case $BUILD in
*/asan) skip_all "a sanitizer takes minutes for it" ;;
esac

plays crowd1050 1
done_testing
