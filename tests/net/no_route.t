#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Neither host has a route to the group, nor a default route: mchat takes the
# interface that has an address.  The textbook program shows what happens to a
# program that does not.
#
#   alice (host 1)      bob (host 2)
#         |                  |         no route 224.0.0.0/4
#   ------+------ br0 -------+------

. "${0%/*}/../lib.sh"
on_lan --no-route 2

start textbook on 1 "$BUILD/tests/peers/textbook" 239.255.77.67 62428
finish textbook
is $? 1 "the textbook program gives up"
like "$(cat "$scratch/textbook.err")" "IP_ADD_MEMBERSHIP: No such device" \
	"the textbook program gives up for lack of a route"

start_open alice on 1 "$MCHAT" --raw
start_open bob on 2 "$MCHAT" --raw
succeeds "mchat joins on eth0" wait_for 5 has_members 1 eth0 1
succeeds "mchat joins on eth0 of the other host, too" wait_for 5 has_members 2 eth0 1
say alice "no route"
succeeds "bob hears alice" wait_for 5 shows bob "no route"
say bob "none here"
succeeds "alice hears bob" wait_for 5 shows alice "none here"

done_testing
