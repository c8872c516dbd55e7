#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The chat over IPv6, and over both families at once.
#
#   alice (host 1)    bob (host 2)
#         |  |              |  |
#   ------+--|----- br0 ----+--|------
#   ---------+----- br1 -------+------

. "${0%/*}/../lib.sh"
on_lan --networks 2 2

# talk: alice and bob hear one another, each line once.
talk() {
	say alice "from alice"
	succeeds "$what: bob hears alice" wait_for 5 shows bob "from alice"
	say bob "from bob"
	succeeds "$what: alice hears bob" wait_for 5 shows alice "from bob"
	leave alice bob
	is "$(grep -c "from alice" "$scratch/bob.out")" 1 "$what: once"
	is "$(grep -c "from bob" "$scratch/alice.out")" 1 "$what: once, too"
}

# chat [OPTION]...: both with the same options.
chat() {
	start_open alice on 1 "$MCHAT" -n alice -v "$@"
	start_open bob on 2 "$MCHAT" -n bob -v "$@"
	is_in alice
	is_in bob
}

# ---- one family ----

what="-6"
chat -6 -i eth0
like "$(cat "$scratch/alice.err")" \
	'^mchat: in \[ff12::4d43\]:62428 on eth0 \(fe80::1\), hop limit 1$' \
	"$what: it is said where she is"
succeeds "$what: in the group by the kernel's word" has_members_ipv6 1 eth0 1
is "$(members 1 eth0)" 0 "$what: and not over IPv4"
talk
is "$(members_ipv6 1 eth0)" 0 "$what: the group is left at the end"

what="a group with a zone"
chat '[ff15::77%eth1]:5000'
like "$(cat "$scratch/alice.err")" '^mchat: in \[ff15::77\]:5000 on eth1' \
	"$what: the zone is the interface"
talk

what="a room"
chat -6 -i eth0 -r lobby
succeeds "$what: its group is in ff12::/96" \
	has_members_ipv6 1 eth0 1 ff1200000000000000000000ef72f533
talk

# ---- which interface ----

# A socket of the same host that joined elsewhere opens that interface for all.
what="-i one of two"
start_open carol on 2 "$MCHAT" -6 -n carol -v -i eth1
is_in carol
chat -6 -i eth0
say alice "for eth0"
succeeds "$what: bob hears alice" wait_for 5 shows bob "for eth0"
leave alice
start_open alice on 1 "$MCHAT" -6 -n alice -v -i eth1
is_in alice
say alice "for eth1"
succeeds "$what: carol hears the other network" wait_for 5 shows carol "for eth1"
leave alice bob carol
is "$(grep -c "for eth1" "$scratch/bob.out")" 0 "$what: bob does not"
is "$(grep -c "for eth0" "$scratch/carol.out")" 0 \
	"$what: and carol not that one"

# ---- both families ----

what="-4 -6"
chat -4 -6 -i eth0
succeeds "$what: in the IPv6 group" has_members_ipv6 1 eth0 1
succeeds "$what: in the IPv4 group" has_members 1 eth0 1
talk
is "$(grep -c "bob joined" "$scratch/alice.err")" 1 "$what: bob is one member"

what="-4 -6 with -4 and -6"
start_open four on 2 "$MCHAT" -4 -n four -v -i eth0
start_open six on 2 "$MCHAT" -6 -n six -v -i eth0
start_open alice on 1 "$MCHAT" -4 -6 -n alice -v -i eth0
is_in four
is_in six
is_in alice
say alice "to both"
succeeds "$what: who has IPv4 hears her" wait_for 5 shows four "to both"
succeeds "$what: who has IPv6 hears her" wait_for 5 shows six "to both"
leave alice four six

what="all, -4 -6"
chat -4 -6
talk

# ---- a thousand lines ----

what="many lines"
start bob on 2 "$MCHAT" -6 -n bob -v -R -f bare -c 2000 -T 60
is_in bob
numbered 2000 >"$scratch/lines"
on 1 "$MCHAT" -6 -n alice -w 1 <"$scratch/lines"
is $? 0 "$what: alice has them confirmed"
finish bob
is $? 0 "$what: bob has them all"
succeeds "$what: in order" cmp "$scratch/lines" "$scratch/bob.out"

# ---- IPv6 alone ----

for host in 1 2; do
	on $host ip -4 addr flush dev eth0
	on $host ip -4 addr flush dev eth1
done
what="IPv6 alone"
chat
like "$(cat "$scratch/alice.err")" "^mchat: no interface has an IPv4 \
address: IPv6 is used, in \[ff12::4d43\]:62428$" "$what: it is said"
say alice one
succeeds "$what: bob hears alice" wait_for 5 shows bob one
on 1 ip addr add 10.77.0.1/24 dev eth0
succeeds "$what: IPv4 is joined when it comes" \
	wait_for 5 told alice "joined eth0 (10.77.0.1)"
talk

what="IPv6 alone, --raw"
start_open bob on 2 "$MCHAT" --raw -v
is_in bob
on 1 ip -4 addr flush dev eth0
echo hello | on 1 "$MCHAT" --raw
succeeds "$what: bob hears it, and from where" \
	wait_for 5 grep -q '^\[\[fe80::1%[0-9]*]:[0-9]*] hello$' "$scratch/bob.out"
leave bob

on 1 "$MCHAT" -4 -m hello 2>"$scratch/err"
like "$(cat "$scratch/err")" "it has no IPv4 address; only this host will hear" \
	"-4: IPv6 is not used then"

done_testing
