#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A link goes down and up a hundred times.  That costs a few lines and a few
# joins, and in the end all is as it was.
#
#   alice (host 1)            bob (host 2)
#         |  <- down, up, down, ...  |
#   ------+----------- br0 ----------+------

. "${0%/*}/../lib.sh"
on_lan 2

flaps() {
	seq 100 | sed 's/.*/link set eth0 down\nlink set eth0 up/'
}

start_open alice on 1 "$MCHAT" -n alice --explain
start_open bob on 2 "$MCHAT" -n bob
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1

began=$(date +%s)
flaps | on 1 ip -batch -
# mchat waits ever longer before it follows a change; ten seconds without one
# reset that.
seconds=$(($(date +%s) - began))
say alice "is it over?"
succeeds "after the flaps bob hears alice" wait_for 10 shows bob "is it over?"
say bob "it is"
succeeds "after the flaps alice hears bob" wait_for 10 shows alice "it is"
succeeds "after the flaps alice is in the group on eth0" wait_for 5 has_members 1 eth0 1

most=$((8 + seconds / 3))
note "$seconds seconds: $(grep -c '^mchat: .*eth0' "$scratch/alice.err") lines"
succeeds "a hundred flaps are told in a few lines" \
	[ "$(grep -c '^mchat: .*eth0' "$scratch/alice.err")" -le $most ]
succeeds "a hundred flaps cost a few joins" \
	[ "$(grep -c ADD_MEMBERSHIP "$scratch/alice.err")" -le $((2 * most)) ]
hang_up alice
finish alice
is $? 0 "alice: exit status"

done_testing
