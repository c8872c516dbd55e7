#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two networks without multicast between them, three members on each, joined by
# one pair of peers: hosts 1 to 3 are in the group on eth0, hosts 4 to 6 on eth1.
# Each host has an address on both, so that unicast gets anywhere; -i keeps the
# group apart.
#
#   host 1   host 2   host 3  --peer   host 4   host 5   host 6
#     |        |        |    <------>    |        |        |
#   --+--------+--------+-- br0        --+--------+--------+-- br1

. "${0%/*}/../lib.sh"
on_lan --networks 2 6

count=${COUNT-2000}
seq -f "a %061.0f" "$count" >"$scratch/a"
seq -f "b %061.0f" "$count" >"$scratch/b"

# member HOST [OPTION]...: starts mHOST with an open input.
member() {
	host=$1
	shift
	case $host in
	3) set -- --peer 10.77.0.4 "$@" ;;
	4) set -- --peer 10.77.0.3 "$@" ;;
	esac
	rm -f "$scratch/m$host.in"
	start_open "m$host" on "$host" "$MCHAT" -v -f bare -n "m$host" \
		-i "eth$((host > 3))" "$@"
}

everybody() {
	member 1 "$@"
	member 2 -R "$@"
	member 3 "$@"
	member 4 -R "$@"
	member 5 "$@"
	member 6 -R "$@"
	for host in 1 2 3 4 5 6; do
		prepared knows_others "m$host" 5
	done
}

nobody() {
	stop_open m1 m2 m3 m4 m5 m6
}

# each_has WHEN: each member has each line of the two that speak.
each_has() {
	for host in 2 3 4 5 6; do
		succeeds "m$host has each line of m1, once and in order, $1" \
			wait_for 20 shows_all "m$host" a
	done
	for host in 1 2 3 4 6; do
		succeeds "m$host has each line of m5, once and in order, $1" \
			wait_for 20 shows_all "m$host" b
	done
}

# ---- whole, and with loss ----

everybody
say_file m1 a &
say_file m5 b &
each_has "across the pair"
succeeds "-v says when a peer is heard first" told m3 "peer 10.77.0.4 is heard"
nobody
like "$(tail -n 1 "$scratch/m3.err")" ', passed on [1-9][0-9]*, not passed on 0$' \
	"the summary counts what was passed on"

lossy 10 1 2 3 4 5 6
everybody --trace
say_file m1 a &
say_file m5 b &
each_has "with 10 % loss"
like "$(grep -- '-> ' "$scratch/m3.err")" 'DATA .* peer .* passed on from a peer$' \
	"--trace: what goes on from a peer"
like "$(grep -- '-> ' "$scratch/m3.err")" 'DATA .* eth0 .* passed on to peers$' \
	"--trace: what goes on to the peers"
like "$(grep -- '-> ' "$scratch/m3.err")" 'CODE .* passed on to peers$' \
	"--trace: combinations go on, too"
like "$(grep -- '-> ' "$scratch/m3.err")" 'CODE .* passed on from a peer$' \
	"--trace: and come so"
nobody
for host in 1 2 3 4 5 6; do
	on "$host" nft delete table inet lossy
done

# ---- the pair dies and returns ----

everybody
head -n 100 "$scratch/a" >"$scratch/part"
say_file m1 part
succeeds "the pair works" wait_for 5 has_lines m6 100
for host in 3 4; do
	signal "m$host" KILL
	collect "m$host" 2>/dev/null
	hang_up "m$host"
done
sed 1,100d "$scratch/a" | head -n 100 >"$scratch/part"
say_file m1 part
succeeds "what is said meanwhile stays where it is" wait_for 5 has_lines m2 200
is "$(wc -l <"$scratch/m6.out")" 100 "nothing crosses without the pair"
member 3
member 4 -R
head -n 200 "$scratch/a" >"$scratch/part"
succeeds "the pair is back, and nothing was lost" wait_for 20 has_lines m6 200
is "$(cmp "$scratch/part" "$scratch/m6.out" 2>&1)" "" \
	"each line came once and in order"
nobody

done_testing
