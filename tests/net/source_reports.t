#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Source-specific multicast with one source for all: everybody lists host 1, and
# hears only that and itself.  What the others say goes to host 1 by unicast,
# which passes it on to the group: so it repairs for all, and all confirm.
#
#   source (host 1)   m2 (host 2)   m3 (host 3)   m4 (host 4)
#         |               |             |             |
#   ------+-------------- br0 ----------+-------------+------

. "${0%/*}/../lib.sh"
requires nft
on_lan 4

# listen HOST [OPTION]...
listen() {
	host=$1
	shift
	start_open "m$host" on "$host" "$MCHAT" -v -n "m$host" -f bare "$@"
	is_in "m$host"
}

# one_source LOSS OPTION...
one_source() {
	loss=$1
	shift
	what="$*, $loss % loss"
	lossy "$loss" 1 2 3 4
	for host in 2 3 4; do
		listen "$host" "$@"
	done
	numbered 3000 >"$scratch/said"
	on 1 "$MCHAT" -n source -w 3 -T 30 "$@" <"$scratch/said" \
		2>"$scratch/source.err"
	is $? 0 "$what: three members confirm what the source says"
	for host in 2 3 4; do
		is "$(cmp "$scratch/said" "$scratch/m$host.out" 2>&1)" "" \
			"$what: m$host has each line once, in order"
	done
	lossy 0 1 2 3 4
	leave m2 m3 m4
}

one_source 0 -s 10.77.0.1
like "$(cat "$scratch/source.err")" "^mchat: all is well, too, where all list \
the same sources: these then pass on what the others say$" \
	"what works is said at the start"
one_source 10 -s 10.77.0.1
one_source 0 -6 -i eth0 -s fe80::1

# ---- the others speak, too ----

what="-s"
start_open source on 1 "$MCHAT" -v -n source -f bare -s 10.77.0.1
is_in source
start_open nextdoor on 1 "$MCHAT" -v -n nextdoor -f bare -s 10.77.0.1
is_in nextdoor
listen 2 -s 10.77.0.1
listen 3 -s 10.77.0.1
for one in m2 m3 source nextdoor; do
	for other in m2 m3 source nextdoor; do
		[ $one = $other ] || succeeds "$what: $one knows $other" \
			wait_for 5 grep -q "^mchat: $other joined" \
			"$scratch/$one.err"
	done
done
say m2 "said by a listener"
for one in m3 source nextdoor; do
	succeeds "$what: $one hears a listener" \
		wait_for 5 shows $one "said by a listener"
done

# A late joiner has what was said before, by whomever.
listen 4 -s 10.77.0.1 -H 10
succeeds "$what: who joins late has what a listener said" \
	wait_for 10 shows m4 "said by a listener"
for one in m3 m4 source nextdoor; do
	is "$(grep -c "said by a listener" "$scratch/$one.out")" 1 \
		"$what: $one shows it once"
done
leave m2 m3 m4 nextdoor source

# ---- where every member lists every other one ----

what="all listed"
all="-s 10.77.0.1 -s 10.77.0.2 -s 10.77.0.3"
# shellcheck disable=SC2086 # options
for host in 2 3; do
	listen $host $all
done
numbered 2000 >"$scratch/said"
on 1 nft add table inet counts
on 1 nft 'add chain inet counts out { type filter hook output priority 0; }'
on 1 nft 'add rule inet counts out ip daddr { 10.77.0.2, 10.77.0.3 } @th,72,8 0x11 counter'
# shellcheck disable=SC2086 # options
on 1 "$MCHAT" -n source -w 2 -T 30 $all <"$scratch/said" 2>"$scratch/source.err"
is $? 0 "$what: both confirm"
is "$(on 1 nft list ruleset | sed -n 's/.*counter packets \([0-9]*\).*/\1/p')" 0 \
	"$what: no DATA goes by unicast to who hears the group"
on 1 nft delete table inet counts
leave m2 m3

# ---- honest where it cannot be ----

what="reports are blocked"
listen 2 -s 10.77.0.1
on 3 nft -f - <<-END
	table inet blocked {
		chain out {
			type filter hook output priority 0
			ip daddr 10.77.0.1 udp dport 62428 drop
		}
	}
END
listen 3 -s 10.77.0.1
echo hello | on 1 "$MCHAT" -n source -w 2 -T 2 -s 10.77.0.1 2>"$scratch/source.err"
is $? 1 "$what: -w does not count who cannot report"
like "$(cat "$scratch/source.err")" "1 of 2 members came" "$what: and says so"
leave m2 m3

done_testing
