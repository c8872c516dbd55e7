#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Peers over IPv6, and over whichever family leads to them.  At first multicast is
# off, so the hosts chat by --peer alone.
#
#   host 1  <-- --peer -->  host 2        10.77.0.K, 2001:db8::K, fe80::K
#     |                       |
#   --+-- br0 (multicast off) +--

. "${0%/*}/../lib.sh"
on_lan --no-route 2
for host in 1 2; do
	on $host ip link set eth0 multicast off
	on $host ip addr add 2001:db8::$host/64 dev eth0 nodad
done

# The hosts file is this test's own: it has a mount namespace to itself.
cat >"$scratch/hosts" <<-END
	127.0.0.1 localhost
	2001:db8::2 six.example
	10.77.0.99 both.example
	2001:db8::2 both.example
END
mount --bind "$scratch/hosts" /etc/hosts || skip_all "no hosts file of its own"

# chat PEER OF_BOB [OPTION]...: ann (host 1) names PEER; bob (host 2) has --peer
# OF_BOB.
chat() {
	peer=$1
	of_bob=$2
	shift 2
	what="$peer, $of_bob $*"
	start_open bob on 2 "$MCHAT" -v -n bob -f bare --peer "$of_bob" "$@"
	numbered 500 >"$scratch/said"
	on 1 "$MCHAT" -n ann -w 1 -T 30 --trace --peer "$peer" "$@" \
		<"$scratch/said" 2>"$scratch/ann.err"
	is $? 0 "$what: lines are confirmed"
	is "$(cmp "$scratch/said" "$scratch/bob.out" 2>&1)" "" \
		"$what: each came once, in order"
	stop_open bob
}

# largest: bytes of the largest packet that ann sent.
largest() {
	sed -n 's/.*-> .* \([0-9]*\) bytes .*/\1/p' "$scratch/ann.err" |
		sort -n | tail -n 1
}

chat '[2001:db8::2]:62428' 2001:db8::1
succeeds "packets fit behind a header of IPv6, whole" \
	test "$(largest)" -le 1452
chat fe80::2%eth0 '[fe80::1%eth0]:62428'
chat 2001:db8::2 any -6
chat 10.77.0.2 any
succeeds "with IPv4 alone they are larger" test "$(largest)" -gt 1452
chat 2001:db8::2 any -4 -6
chat six.example any -4
chat both.example any

# ---- a member that has IPv6 multicast, too, and others on its host ----

for host in 1 2; do
	on $host ip link set eth0 multicast on
done
start_open bob on 2 "$MCHAT" -6 -v -n bob -f bare --peer any
start_open dora on 2 "$MCHAT" -6 -v -n dora -f bare -i eth0
is_in bob
is_in dora
start_open ann on 1 "$MCHAT" -v -n ann -f bare --trace --peer 10.77.0.2 \
	--peer 2001:db8::2
prepared knows ann dora
say ann "by two ways"
succeeds "unicast reaches the member with peers, whoever else has the port" \
	wait_for 5 shows dora "by two ways"
say dora "and back"
succeeds "and comes back" wait_for 5 shows ann "and back"
say bob "last"
prepared shows ann "last"
is "$(sort "$scratch/ann.out")" "and back
last" "once, whichever way"
is "$(grep -c '^mchat: bob joined' "$scratch/ann.err")" 1 \
	"who is reached by both families is one member"
stop_open ann bob dora

# ---- itself, and names ----

start alone on 1 "$MCHAT" -v -R --peer 2001:db8::1
succeeds "who names itself is told" wait_for 5 told alone \
	"peer 2001:db8::1: that is this member itself; nothing is sent there"
fails "it is not taken for another" grep -q 'is heard' "$scratch/alone.err"
stop alone

start programs on 1 "$MCHAT" -R -f json --peer no.example --peer 10.77.0.1 \
	--peer 10.77.0.2
start_open bob on 2 "$MCHAT" -n bob -f bare --peer any
for state in '"no.example","state":"unknown"' \
	'"10.77.0.1","address":"10.77.0.1","port":62428,"state":"self"' \
	'"10.77.0.2","address":"10.77.0.2","port":62428,"state":"reached"'; do
	succeeds "JSON: $state" wait_for 30 \
		shows programs "{\"event\":\"peer\",\"peer\":$state"
done
stop programs
stop_open bob
start_open bob on 2 "$MCHAT" -n bob -f bare --peer any
start_open ann on 1 "$MCHAT" -n ann --trace --peer 10.77.0.2
succeeds "--trace tells of a challenge" wait_for 5 grep -q \
	'<- CHALLENGE  .*24 bytes  peer  *asks to give eight bytes back (10\.77\.0\.2:62428)' \
	"$scratch/ann.err"
succeeds "and of the answer" wait_for 5 grep -q \
	-e '-> ANSWER  .*gives the eight bytes back (10\.77\.0\.2:62428)' \
	"$scratch/ann.err"
stop_open ann bob
on 1 "$MCHAT" -m hello --peer fe80::2 2>"$scratch/err"
is $? 2 "an address of a link needs its interface"
like "$(cat "$scratch/err")" 'fe80::1%eth0' "which is told"

done_testing
