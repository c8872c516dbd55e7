#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Between two switches is a link of a smaller MTU, which neither end sees: what
# is larger vanishes on the way to bob and from him, and comes in smaller
# packets.
#
#   alice (host 1)  carol (host 3)          bob (host 2)
#         |               |                      |
#   ------+----- br0 -----+---- far0 == far1 ----+---- far
#                                MTU 600

. "${0%/*}/../lib.sh"
on_lan 3

# line COUNT LETTER: one line of so many bytes.
line() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}
# has NAME COUNT LETTER
has() {
	wait_for 10 shows "$1" "$(line "$2" "$3")"
}
# limited NAME OTHER: NAME was told once that OTHER gets no large packets.
limited() {
	[ "$(cat "$scratch/$1.out" "$scratch/$1.err" |
		grep -c "large packets do not reach $2")" -eq 1 ]
}

# A switch is no IP host: with br_netfilter Linux would make fragments of what is
# too large for a port.
for knob in /proc/sys/net/bridge/bridge-nf-call-*tables; do
	[ ! -e "$knob" ] || echo 0 >"$knob" ||
		skip_all "br_netfilter cannot be turned off"
done
ip -batch - <<-END
	link add far type bridge mcast_snooping 0
	link set far addrgenmode none up
	link set h2.0 master far
	link add far0 mtu 600 type veth peer name far1 mtu 600
	link set far0 master br0 up
	link set far1 master far up
END
# A burst goes out in frames, as on a real wire.
for host in 1 2 3; do
	on $host ip link set eth0 gso_max_segs 1
done

for host in 1 2 3; do
	case $host in
	1) name=alice ;;
	2) name=bob ;;
	3) name=carol ;;
	esac
	start_open "$name" on $host "$MCHAT" -n "$name"
	prepared has_members $host eth0 1
done

say alice "a short one"
succeeds "bob gets a short line" wait_for 5 shows bob "a short one"
say alice "$(line 1400 a)"
succeeds "bob gets a line that is too large for the way" has bob 1400 a
succeeds "carol gets it" has carol 1400 a
succeeds "alice is told why that took longer" \
	wait_for 5 limited alice bob
say bob "$(line 1400 b)"
succeeds "alice gets what bob says" has alice 1400 b
succeeds "bob is told, too" wait_for 5 limited bob alice
say alice "$(line 60000 c)"
succeeds "bob gets a very long line" has bob 60000 c

# What has an end is confirmed, so that its exit status is 0.
seq -f "%.0f of a stream, $(line 200 d)" 1000 >"$scratch/stream"
on 3 "$MCHAT" -n dave -w 2 -q <"$scratch/stream"
is $? 0 "a stream is confirmed by all"
is "$(grep -o '[0-9]* of a stream' "$scratch/bob.out" | cksum)" \
	"$(seq -f '%.0f of a stream' 1000 | cksum)" \
	"bob has every line of it once, in order"
succeeds "alice was told once" limited alice bob

for name in alice bob carol; do
	hang_up $name
	finish $name
	is $? 0 "$name: exit status"
done

done_testing
