#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Where the kernel may not be asked for news of interfaces mchat says so, and
# looks by itself every few seconds.
#
#   alice (host 1)      bob (host 2)
#         |  <- down, up     |
#   ------+------ br0 -------+------

. "${0%/*}/../lib.sh"
on_lan 2
requires strace
strace -o "$scratch/trace" true 2>/dev/null ||
	skip_all "strace may not trace here"
# The leak check of a sanitizer traces, too: only one of both can.
export ASAN_OPTIONS=detect_leaks=0

# The first descriptor that is bound is the one that the news would come by.
start_open alice on 1 strace -f -o "$scratch/trace" -e trace=bind \
	-e inject=bind:error=EPERM:when=1 "$MCHAT" -n alice -i eth0
start_open bob on 2 "$MCHAT" -n bob
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
succeeds "alice is told that she gets no news of interfaces" wait_for 5 grep -q \
	"^mchat: bind(.*: Operation not permitted; a change of interfaces is noticed within 3 s only" \
	"$scratch/alice.err"
say alice "before"
succeeds "before: bob hears alice" wait_for 5 shows bob "alice: before"

on 1 ip link set eth0 down
succeeds "down: alice notices" \
	wait_for 10 told alice "eth0 is down"
say alice "in the dark"
on 1 ip link set eth0 up
succeeds "up: alice notices by looking for herself" \
	wait_for 10 told alice "eth0 is back (10.77.0.1)"
succeeds "bob gets what alice said while it was down" wait_for 5 shows bob "alice: in the dark"

hang_up alice
finish alice
is $? 0 "alice: exit status"

done_testing
