#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A thousand members on a virtual network, all but one of which lose one packet.
#
#   SEED  the seed (1)

. "${0%/*}/../lib.sh"
. "${0%/*}/plays.sh"

case $BUILD in
*/asan) skip_all "a sanitizer takes minutes for it" ;;
esac

plays lost-at-999 1
done_testing
