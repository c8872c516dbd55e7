#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A router between two networks forwards the group: TTL 1 stays, TTL 2 crosses,
# and the chat is as reliable there as on one network.
#
#   alice  host 1   bob  host 2           carol  host 3
#            |             |                       |
#   --- br0 -+-------------+-- router ---- br1 ----+---
#       10.77.0.K            .254     .254   10.78.0.K

. "${0%/*}/../lib.sh"
requires smcrouted
on_lan --router 3

is "$(on 3 ip route get 10.77.0.1 | grep -o 'via [0-9.]*')" "via 10.78.0.254" \
	"the hosts know the way through the router"
is "$(on router cat /proc/sys/net/ipv4/ip_forward)" 1 "the router forwards"

# ---- how far ----

start_open bob on 2 "$MCHAT" --raw -f bare
start_open carol on 3 "$MCHAT" --raw -R -f json
prepared has_members 2 eth0 1
prepared has_members 3 eth0 1
on 1 "$MCHAT" --raw --ttl 1 -m "stays here"
on 1 "$MCHAT" --raw --ttl 2 -m "crosses"
succeeds "TTL 2 crosses the router" wait_for 5 shows carol '"text":"crosses"'
like "$(cat "$scratch/carol.out")" '"address":"10\.77\.0\.1".*"ttl":1,' \
	"the router took 1 of the TTL"
is "$(wc -l <"$scratch/carol.out")" 1 "TTL 1 does not cross"
prepared shows bob "crosses"
is "$(cat "$scratch/bob.out")" "stays here
crosses" "on alice's network both lines are heard"

start_open back on 3 "$MCHAT" --raw --ttl 2
say back "and back"
succeeds "the way back across the router is open, too" wait_for 5 shows bob "and back"

# A router that may not cut tells the sender of unicast only: of a group's
# datagram nobody would ever know.
on router ip link set eth1 mtu 600
if has_linux "IP_MTU_DISCOVER, by which Linux tells routers not to cut"; then
	long=$(head -c 1000 /dev/zero | tr '\0' x)
	on 1 "$MCHAT" --raw --ttl 2 -m "$long"
	succeeds "what is too large behind the router is cut there" \
		wait_for 5 shows carol "$long"
fi
on router ip link set eth1 mtu 1500
for name in bob carol back; do
	stop $name
done

# ---- the reliable chat ----

lossy 10 1 3
start carol on 3 "$MCHAT" -R -n carol --ttl 2 -f bare --trace
numbered 20000 >"$scratch/said"
on 1 "$MCHAT" -n alice --ttl 2 -w 1 -T 30 --trace \
	<"$scratch/said" 2>"$scratch/alice.err"
is $? 0 "alice's 20,000 lines are confirmed across the router, with loss"
is "$(diff "$scratch/said" "$scratch/carol.out" | head -n 3)" "" \
	"carol has each line once, in order, across the router"
stop carol # its trace is looked at twice
is "$(grep -c '[^0-9]TTL *2 ' "$scratch/carol.err")" \
	"$(grep -c -- ' -> ' "$scratch/carol.err")" \
	"--trace: what leaves has TTL 2"
is "$(grep -c '[^0-9]TTL *1 ' "$scratch/carol.err")" \
	"$(grep -c ' <- ' "$scratch/carol.err")" \
	"--trace: what comes in has one less"
like "$(cat "$scratch/alice.err")" ' -> repair [0-9]+ .* asked by carol: ' "there was loss to repair"

done_testing
