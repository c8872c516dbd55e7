#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A thousand members on a virtual network: idle, and when all lose one packet;
# and more of them while some talk.
#
#   SEED  the seed (1)

. "${0%/*}/../lib.sh"
. "${0%/*}/plays.sh"

case $BUILD in
*/asan) skip_all "a sanitizer takes minutes for it" ;;
esac

plays idle1000 1
plays lost-at-999 1
plays crowd1050 1
done_testing
