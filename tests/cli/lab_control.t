#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Without the call under study no experiment says that it was shown.  A program
# of its own, since it takes more than a minute.

. "${0%/*}/../lib.sh"
if has_linux "TCP_INFO, /proc/net/dev_mcast and a network of namespaces"; then
	exec "$BUILD/tests/peers/lab_control"
fi
exec "$BUILD/tests/peers/lab_control" rcvbuf shutdown mac dontroute
