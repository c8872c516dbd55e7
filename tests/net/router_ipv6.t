#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The same as router.t over IPv6: hop limit 1 stays, 2 crosses, and a smaller MTU
# behind the router, of which the router tells the sender.
#
#   alice  host 1   bob  host 2           carol  host 3
#            |             |                       |
#   --- br0 -+-------------+-- router ---- br1 ----+---
#        fd77::K            fe        fe      fd78::K

. "${0%/*}/../lib.sh"
requires smcrouted
[ -e /proc/net/ip6_mr_cache ] || skip_all "this kernel routes no IPv6 multicast"
on_lan --router 3

group='[ff15::4d43]:62428'
routed=ff150000000000000000000000004d43

# ---- how far ----

start_open bob on 2 "$MCHAT" --raw -f bare "$group"
start carol on 3 "$MCHAT" --raw -R -f json "$group"
prepared has_members_ipv6 2 eth0 1 $routed
prepared has_members_ipv6 3 eth0 1 $routed
on 1 "$MCHAT" --raw --ttl 1 -m "stays here" "$group"
on 1 "$MCHAT" --raw --ttl 2 -m "crosses" "$group"
succeeds "hop limit 2 crosses the router" \
	wait_for 5 shows carol '"text":"crosses"'
like "$(cat "$scratch/carol.out")" '"address":"fd77::1".*"ttl":1,' \
	"the router took 1 of the hop limit"
is "$(wc -l <"$scratch/carol.out")" 1 "hop limit 1 does not cross"
prepared shows bob "crosses"
is "$(cat "$scratch/bob.out")" "stays here
crosses" "on alice's network both lines are heard"
stop carol
stop_open bob

# ---- the reliable chat ----

lossy 10 1 3
start carol on 3 "$MCHAT" -R -n carol --ttl 2 -f bare --trace "$group"
numbered 2000 >"$scratch/said"
on 1 "$MCHAT" -n alice --ttl 2 -w 1 -T 30 "$group" <"$scratch/said"
is $? 0 "alice's 2,000 lines are confirmed across the router, with loss"
is "$(diff "$scratch/said" "$scratch/carol.out" | head -n 3)" "" \
	"carol has each line once, in order, across the router"
stop carol # its trace is looked at
is "$(grep -c '[^0-9]TTL *1 ' "$scratch/carol.err")" \
	"$(grep -c ' <- ' "$scratch/carol.err")" \
	"--trace: what comes in has one less"
lossy 0 1 3

# ---- a smaller MTU behind the router ----

# The least that IPv6 may have.  alice's own network has 1500.
on router ip link set eth1 mtu 1280
on 3 ip link set eth0 mtu 1280
start_open alice on 1 "$MCHAT" -n alice --ttl 2 -v "$group"
start_open carol on 3 "$MCHAT" -n carol --ttl 2 -f bare "$group"
start_open bob on 2 "$MCHAT" -n bob --ttl 2 -f bare "$group"
is_in alice
prepared has_members_ipv6 3 eth0 1 $routed
prepared has_members_ipv6 2 eth0 1 $routed
for size in 1100 1232 1400 1472 30000; do
	say alice "$(repeated $size a)"
	succeeds "MTU 1280 behind the router: a line of $size bytes" \
		wait_for 10 shows carol "$(repeated $size a)"
	succeeds "and on this side of it" \
		wait_for 10 shows bob "$(repeated $size a)"
done
fails "the router's answer is no trouble" grep -q "send:" "$scratch/alice.err"
leave alice bob carol

# Whoever sends without acknowledgements loses the first line, no other one.
on 1 ip -6 route flush cache
start carol on 3 "$MCHAT" --raw -R -f bare "$group"
start_open alice on 1 "$MCHAT" --raw --ttl 2 "$group"
prepared has_members_ipv6 3 eth0 1 $routed
say alice "$(repeated 1400 b)"
knows_mtu() {
	on 1 ip -6 route show cache | grep -q "mtu 1280" ||
		on 1 ip -6 route get ff15::4d43 oif eth0 | grep -q "mtu 1280"
}
succeeds "--raw: the router tells the MTU" wait_for 5 knows_mtu
say alice "$(repeated 1400 c)"
succeeds "--raw: then a line that is larger is cut" \
	wait_for 5 shows carol "$(repeated 1400 c)"
hang_up alice
finish alice
is $? 0 "--raw: exit status"
is "$(cat "$scratch/alice.err")" "" "--raw: nothing to complain of"
stop carol

# ---- groups that pass no router ----

on 1 "$MCHAT" -6 --ttl 2 -m hello 2>"$scratch/err"
like "$(cat "$scratch/err")" "^mchat: ff12::4d43 is a group of the link, which \
no router passes on, whatever the hop limit" \
	"a hop limit that is of no use to the group is told of"
for options in "-6" "-6 --ttl 1" "-4 -6 --ttl 2" "--ttl 2 $group"; do
	# shellcheck disable=SC2086 # options
	on 1 "$MCHAT" $options -m hello 2>"$scratch/err"
	is "$(grep -c "group of the link" "$scratch/err")" 0 "$options: it is not"
done

done_testing
