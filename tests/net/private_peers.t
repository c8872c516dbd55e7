#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two networks whose members share a key, joined by one pair of peers: what goes
# from one to the other goes as it was sealed, and who has no key is passed over.
#
#   host 1   host 2                    host 3   host 4
#     |        |   --peer 10.77.0.3      |        |
#   --+--------+--                     --+--------+--

. "${0%/*}/../lib.sh"
on_lan --networks 2 4

key=$scratch/group.key
"$MCHAT" key new "$key" >/dev/null || exit 1
"$MCHAT" key new "$scratch/other.key" >/dev/null || exit 1
count=2000
seq -f "a %061.0f" "$count" >"$scratch/a"
seq -f "b %061.0f" "$count" >"$scratch/b"

# member HOST [OPTION]...: starts mHOST with an open input.
member() {
	host=$1
	shift
	rm -f "$scratch/m$host.in"
	start_open "m$host" on "$host" "$MCHAT" -k "$key" -v -f bare \
		-n "m$host" -i "eth$((host > 2))" "$@"
}

everybody() {
	member 1
	member 2 --peer 10.77.0.3
	member 3 --peer "${1-10.77.0.2}"
	member 4
	for host in 1 2 3 4; do
		prepared knows_others "m$host" 3
	done
}

nobody() {
	stop_open m1 m2 m3 m4
}

each_has() {
	for host in 2 3 4; do
		succeeds "m$host has each line of m1, once and in order, $1" \
			wait_for 30 shows_all "m$host" a
	done
	for host in 1 2 3; do
		succeeds "m$host has each line of m4, once and in order, $1" \
			wait_for 30 shows_all "m$host" b
	done
}

# ---- a pair that name each other ----

everybody
say_file m1 a &
say_file m4 b &
each_has "across the pair"
succeeds "-v says when a peer is heard first" told m2 "peer 10.77.0.3 is heard"
nobody

# ---- with loss, and one that takes any ----

lossy 10 1 2 3 4
everybody any
say_file m1 a &
say_file m4 b &
each_has "with 10 % loss, one of them with --peer any"
for host in 1 2 3 4; do
	on "$host" nft delete table inet lossy
done

# ---- who has no key, or another ----

start_open plain on 1 "$MCHAT" -v -f bare -n plain -i eth0 --peer 10.77.0.3
say plain "in the clear"
start_open other on 1 "$MCHAT" -k "$scratch/other.key" -v -f bare -n other \
	-i eth0 --peer 10.77.0.3
say other "with another key"
say m1 "and a last line"
succeeds "the members go on" wait_for 10 shows m4 "and a last line"
succeeds "a host with --peer any is told of one without a key" \
	wait_for 10 grep -q 'speaks without a key' "$scratch/m3.err"
succeeds "and of one with another" \
	wait_for 10 grep -q 'have another key or room' "$scratch/m3.err"
for host in 1 2 3 4; do
	fails "m$host shows nothing of them" \
		grep -q 'in the clear\|another key$' "$scratch/m$host.out"
done
fails "the plain one is no peer" grep -q 'is heard' "$scratch/plain.err"
fails "nor is the other" grep -q 'is heard' "$scratch/other.err"
for name in plain other; do
	hang_up $name
	stop $name
done
nobody

done_testing
