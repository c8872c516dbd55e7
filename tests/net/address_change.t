#!/bin/sh
# SPDX-License-Identifier: ISC
#
# In the middle of a chat a host gets another address, as from DHCP.
#
#   alice (host 1)             bob (host 2)
#         |  10.77.0.1, then 10.77.0.9   |
#   ------+------------ br0 -------------+------

. "${0%/*}/../lib.sh"
on_lan 2

start_open alice on 1 "$MCHAT" --raw
start_open bob on 2 "$MCHAT" --raw
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
say alice "before"
succeeds "before: bob hears alice" wait_for 5 shows bob "10.77.0.1:"

on 1 ip addr add 10.77.0.9/24 dev eth0
on 1 ip addr del 10.77.0.1/24 dev eth0
# The first address took the second and the routes along.
on 1 ip addr replace 10.77.0.9/24 dev eth0

say alice "after"
succeeds "after: bob hears alice from her new address" \
	wait_for 5 shows bob "10.77.0.9:"
say bob "hello again"
succeeds "alice hears bob" wait_for 5 shows alice "hello again"
fails "alice does not hear herself" shows alice "after"

hang_up alice
finish alice
is $? 0 "nothing went unsent"
is "$(cat "$scratch/alice.err")" "" "and nothing was complained about"

done_testing
