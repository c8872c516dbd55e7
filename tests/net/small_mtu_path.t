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

# has NAME COUNT LETTER
has() {
	wait_for 10 shows "$1" "$(repeated "$2" "$3")"
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

# play OPTION...: the chat, with these options.
play() {
	what=$*
	start_open alice on 1 "$MCHAT" -n alice -v "$@"
	start_open bob on 2 "$MCHAT" -n bob -v "$@"
	start_open carol on 3 "$MCHAT" -n carol -v "$@"
	for name in alice bob carol; do
		is_in $name
	done

	say alice "a short one"
	succeeds "$what: bob gets a short line" wait_for 5 shows bob "a short one"
	say alice "$(repeated 1400 a)"
	succeeds "$what: bob gets a line that is too large for the way" \
		has bob 1400 a
	succeeds "$what: carol gets it" has carol 1400 a
	# One packet may have had bad luck; two have not.
	say alice "$(repeated 1400 e)"
	succeeds "$what: bob gets another" has bob 1400 e
	succeeds "$what: alice is told why that took longer" \
		wait_for 5 limited alice bob
	say bob "$(repeated 1400 b)"
	say bob "$(repeated 1400 f)"
	succeeds "$what: alice gets what bob says" has alice 1400 f
	succeeds "$what: bob is told, too" wait_for 5 limited bob alice
	say alice "$(repeated 60000 c)"
	succeeds "$what: bob gets a very long line" has bob 60000 c

	# What has an end is confirmed, so that its exit status is 0.
	on 3 "$MCHAT" -n dave -w 2 -q "$@" <"$scratch/stream"
	is $? 0 "$what: a stream is confirmed by all"
	is "$(grep -o '[0-9]* of a stream' "$scratch/bob.out" | cksum)" \
		"$(seq -f '%.0f of a stream' 1000 | cksum)" \
		"$what: bob has every line of it once, in order"
	succeeds "$what: alice was told once" limited alice bob

	leave alice bob carol
}

seq -f "%.0f of a stream, $(repeated 200 d)" 1000 >"$scratch/stream"
play -4
play -6

done_testing
