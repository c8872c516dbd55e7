#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A member whom the system holds up between two calls loses nothing: what it
# reads, and what it says, is not taken for older than it is.
#
#   alice (host 1)   bob (host 2)   carol (host 3)
#       |                |               |
#   ----+---------------br0--------------+----

. "${0%/*}/../lib.sh"
requires nft strace
on_lan 3
strace -o "$scratch/trace" true 2>/dev/null ||
	skip_all "strace may not trace here"
# The leak check of a sanitizer traces, too: only one of both can.
export ASAN_OPTIONS=detect_leaks=0
long=$(printf '%0800d' 7)

# ---- while it reads ----

# Alice gets bob's STATEs alone, and bob none of hers: carol repairs.
on 1 nft 'add table inet wall;
	add chain inet wall in { type filter hook input priority 0; };
	add rule inet wall in ip saddr 10.77.0.2 udp length > 700 drop' ||
	skip_all "nft does not work here"
on 2 nft 'add table inet wall;
	add chain inet wall in { type filter hook input priority 0; };
	add rule inet wall in ip saddr 10.77.0.1 drop'
start_open bob on 2 "$MCHAT" -n bob -v -f json
is_in bob
start_open carol on 3 "$MCHAT" -n carol -v
is_in carol
prepared shows bob '"event":"join","nick":"carol"'

# What comes in this time is read after it: a STATE that knows of bob's line.
start alice on 1 strace -o "$scratch/trace" -e trace=recvmmsg \
	-e inject=recvmmsg:delay_enter=3000000:when=1 \
	"$MCHAT" -R -v -n alice -f bare -c 1 -T 30
is_in alice
say bob "$long"
prepared shows carol "$long"
finish alice
is "$? $(cat "$scratch/alice.out")" "0 $long" \
	"alice gets what bob said just after she started, from carol"

# ---- while it takes its input ----

# Bob finds that there is input, and reads it after dave has started: what was
# said before that may come, too.
start tracer on 2 strace -p "$(cat "$scratch/bob.pid")" -o "$scratch/trace" \
	-e trace=read -e inject=read:delay_enter=3000000
prepared grep -q attached "$scratch/tracer.err"
say bob "before dave"
start dave on 1 "$MCHAT" -R -v -n dave -f bare -c 2 -T 30
is_in dave
say bob "$long"
finish dave
is "$? $(tail -n 1 "$scratch/dave.out")" "0 $long" \
	"dave gets what bob said just after he started, from carol"
stop tracer
stop bob
stop carol

done_testing
