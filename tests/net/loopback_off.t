#!/bin/sh
# SPDX-License-Identifier: ISC
#
# --loopback off keeps a line from the members on the sender's host, and from
# no one else.
#
#   alice  carol (host 1)     bob (host 2)
#      |     |                     |
#      +--X--+                     |
#      |                           |
#   ---+------------ br0 ----------+------

. "${0%/*}/../lib.sh"
on_lan 2

start_open alice on 1 "$MCHAT" --raw --loopback off
start_open carol on 1 "$MCHAT" --raw
start_open bob on 2 "$MCHAT" --raw
prepared has_members 1 eth0 2
prepared has_members 2 eth0 1

say alice "not for carol"
succeeds "bob, on the other host, hears alice" \
	wait_for 5 shows bob "not for carol"
# Had it been looped back, it would have come to carol before this one.
say bob "for all"
succeeds "carol hears bob" wait_for 5 shows carol "for all"
fails "carol, on her host, did not hear alice" shows carol "not for carol"
succeeds "alice hears bob" wait_for 5 shows alice "for all"
say carol "back to alice"
succeeds "alice hears carol, who has loopback on" wait_for 5 shows alice "back to alice"

done_testing
