#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A thousand members on a virtual network, who are quiet while they have nothing
# to say; then all but one of them lose one packet.
#
#   SEED  the seed (1)

. "${0%/*}/../lib.sh"
. "${0%/*}/plays.sh"

case $BUILD in
*/asan) skip_all "a sanitizer takes minutes for it" ;;
esac

plays lost-at-999 1
done_testing
