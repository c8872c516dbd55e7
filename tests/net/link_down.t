#!/bin/sh
# SPDX-License-Identifier: ISC
#
# In the middle of a chat the cable is pulled, and put back.
#
#   alice (host 1)      bob (host 2)
#         |  <- down, up     |
#   ------+------ br0 -------+------

. "${0%/*}/../lib.sh"
on_lan 2

forwards() {
	ip -d link show dev h1.0 | grep -q "state forwarding"
}

# told_of COUNT: alice was told of so many lines that were not sent.
told_of() {
	[ "$(grep -c "^mchat: send: 1 line not sent: Network is " "$scratch/alice.err")" -eq "$1" ]
}

start_open alice on 1 "$MCHAT" --raw
start_open bob on 2 "$MCHAT" --raw
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
say alice "before"
succeeds "before: bob hears alice" wait_for 5 shows bob "before"

on 1 ip link set eth0 down
say alice "into the void"
succeeds "down: alice is told that her line was not sent" \
	wait_for 5 told_of 1
fails "down: she chats on" ended alice
say alice "and again"
succeeds "down: of the next one, too" wait_for 5 told_of 2

on 1 ip link set eth0 up
prepared forwards
say alice "after"
succeeds "up: bob hears alice again" wait_for 5 shows bob "after"
say bob "welcome back"
succeeds "up: alice hears bob again" wait_for 5 shows alice "welcome back"
fails "bob never had the lines in between" grep -E "void|again" \
	"$scratch/bob.out"

hang_up alice
finish alice
is $? 1 "alice's exit status says that not all was sent"
hang_up bob
finish bob
is $? 0 "bob's does not"

done_testing
