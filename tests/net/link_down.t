#!/bin/sh
# SPDX-License-Identifier: ISC
#
# In the middle of a chat the cable is pulled, and put back: with raw datagrams
# what was said meanwhile is lost, and told.
#
#   alice (host 1)      bob (host 2)
#         |  <- down, up     |
#   ------+------ br0 -------+------

. "${0%/*}/../lib.sh"
on_lan 2

# unsent COUNT: alice was told of so many lines that were not sent.
unsent() {
	[ "$(grep -c "^mchat: send: 1 line not sent: Network is " "$scratch/alice.err")" -eq "$1" ]
}

start_open alice on 1 "$MCHAT" --raw -i eth0
start_open bob on 2 "$MCHAT" --raw
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
say alice "before"
succeeds "before: bob hears alice" wait_for 5 shows bob "before"

on 1 ip link set eth0 down
succeeds "down: alice is told that eth0 is down" wait_for 5 told alice "eth0 is down"
succeeds "down: alice is told that no interface is left" \
	wait_for 5 told alice "no interface is left: waiting"
say alice "into the void"
succeeds "down: alice is told that her line was not sent" wait_for 5 unsent 1
fails "down: alice's chat goes on" ended alice
say alice "and again"
succeeds "down: alice is told that her next line was not sent, either" wait_for 5 unsent 2

on 1 ip link set eth0 up
succeeds "up: alice is told that eth0 is back" wait_for 5 told alice "eth0 is back (10.77.0.1)"
say alice "after"
succeeds "bob hears alice again" wait_for 5 shows bob "after"
say bob "welcome back"
succeeds "alice hears bob again" wait_for 5 shows alice "welcome back"
fails "bob never had the lines in between" grep -E "void|again" \
	"$scratch/bob.out"

hang_up alice
finish alice
is $? 1 "alice's exit status says that not all was sent"
hang_up bob
finish bob
is $? 0 "bob's exit status says that all was sent"

done_testing
