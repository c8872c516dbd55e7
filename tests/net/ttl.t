#!/bin/sh
# SPDX-License-Identifier: ISC
#
# TTL 0 stays on the host, TTL 1 crosses the network.
#
#   alice  carol (host 1)     bob (host 2)
#      |     |                     |
#      +==+==+                     |
#         |  <- TTL 0 ends here    |
#   ------+--------- br0 ----------+------

. "${0%/*}/../lib.sh"
on_lan 2

start_open bob on 2 "$MCHAT" --raw -f bare
start_open carol on 1 "$MCHAT" --raw -f bare
prepared has_members 2 eth0 1
prepared has_members 1 eth0 1

start_open near on 1 "$MCHAT" --raw --ttl 0
say near "stays here"
succeeds "TTL 0: carol, on the same host, hears it" \
	wait_for 5 shows carol "stays here"

start_open far on 1 "$MCHAT" --raw --ttl 1
say far "goes out"
succeeds "TTL 1: bob, on the other host, hears it" \
	wait_for 5 shows bob "goes out"
prepared shows carol "goes out"
is "$(cat "$scratch/bob.out")" "goes out" "bob never had the line with TTL 0"
is "$(cat "$scratch/carol.out")" "stays here
goes out" "carol had both lines"

# Without the option the TTL is 1; JSON tells which TTL a datagram had.
start json on 2 "$MCHAT" --raw -R -f json -c 2 -T 60
prepared has_members 2 eth0 2
on 1 "$MCHAT" --raw -m "as ever"
on 1 "$MCHAT" --raw -m "up to seven routers" --ttl 7
finish json || note "exit status $?"
like "$(head -n 1 "$scratch/json.out")" '"ttl":1,.*"text":"as ever"' \
	"the default is 1"
like "$(tail -n 1 "$scratch/json.out")" '"ttl":7,.*"text":"up to seven' \
	"--ttl 7 leaves with 7"

done_testing
