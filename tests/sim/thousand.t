#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A thousand members on a virtual network that have nothing to say.
#
#   SEED  the seed (1)

. "${0%/*}/../lib.sh"
. "${0%/*}/plays.sh"

case $BUILD in
*/asan) skip_all "a sanitizer takes minutes for it" ;;
esac

plays idle1000 1
done_testing
