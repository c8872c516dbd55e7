#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Interfaces with an MTU of 9000: packets are as large as all members take, and
# of the usual size as soon as one is here that takes no more.  The bridge drops
# what a port's MTU does not carry.
#
#   host 1 (9000)   host 2 (9000)   host 3 (1500, now and then)
#        |               |               |
#      --+----- br0 -----+---------------+--

. "${0%/*}/../lib.sh"
requires tcpdump
on_lan 3

lines=250000
seq -f 'line %.0f, and some words that make it longer' $lines >"$scratch/lines"
"$MCHAT" key new "$scratch/class.key" >"$scratch/key.out" 2>&1 || true

# set_mtu HOST BYTES: of both ends of its cable.
set_mtu() {
	peer=$(on "$1" ip -o link show eth0 | sed 's/^[^@]*@if\([0-9]*\).*/\1/')
	port=$(ip -o link show | sed -n "s/^$peer: \\([^@]*\\)@.*/\\1/p")
	ip link set "$port" mtu "$2" && on "$1" ip link set eth0 mtu "$2"
}
for host in 1 2 3; do
	set_mtu $host 9000
done
ip link set br0 mtu 9000

# chat: host 1 says all lines to 2 and 3; its statistics.
chat() {
	for host in 2 3; do
		start "r$host" on $host "$MCHAT" -R -q -f bare -c $lines
	done
	on 1 "$MCHAT" -S -w 2 -T 60 --stats <"$scratch/lines" \
		2>"$scratch/sender.err" || note "$(cat "$scratch/sender.err")"
	for host in 2 3; do
		finish "r$host" || note "r$host: $?"
	done
}

# sent: how many packets host 1 said it all in.
sent() {
	sed -n 's/.*packets sent \([0-9]*\).*/\1/p' "$scratch/sender.err"
}

# all_came NAME
all_came() {
	succeeds "$1: host 2 has all lines" \
		cmp "$scratch/lines" "$scratch/r2.out"
	succeeds "$1: host 3 has all lines" \
		cmp "$scratch/lines" "$scratch/r3.out"
}

# They are large at a rate that a busy machine does not always come to.
takes_fewer() {
	for _ in 1 2 3 4 5 6 7 8; do
		chat
		note "$(sent) packets instead of $usual"
		[ $((5 * $(sent))) -ge $((4 * usual)) ] || return 0
	done
	return 1
}

for how in plain sealed; do
	[ $how = plain ] || export MCHAT_KEY="$scratch/class.key"
	set_mtu 3 9000
	chat
	all_came "$how, all with MTU 9000"
	set_mtu 3 1500
	chat
	usual=$(sent)
	all_came "$how, one with MTU 1500"
	set_mtu 3 9000
	succeeds "$how: fewer packets where all take large ones" \
		takes_fewer
done
unset MCHAT_KEY
set_mtu 3 1500

# --- One that takes less joins, and wants what was said before ----------------

start r2 on 2 "$MCHAT" -R -q -f bare -c $((lines + 1))
prepared has_members 2 eth0 1
start r1 on 1 sh -c "(cat '$scratch/lines'; sleep 3; echo last; sleep 5) |
	'$MCHAT' -f bare"
wait_for 30 grep -q "^line $lines," "$scratch/r2.out"
start r3 on 3 "$MCHAT" -R -q -f bare --history 5000 -c 5001
finish r2
succeeds "host 2 has all" test "$(wc -l <"$scratch/r2.out")" -eq $((lines + 1))
finish r3
is "$(tail -n 5001 "$scratch/r3.out" | head -n 5000 | cksum)" \
	"$(tail -n 5000 "$scratch/lines" | cksum)" \
	"one with MTU 1500 that joins late gets the history"
done_testing
