#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Without the call under study no experiment says that it was shown.  A program
# of its own, since it takes more than a minute.

. "${0%/*}/../lib.sh"
exec "$BUILD/tests/peers/lab_control"
