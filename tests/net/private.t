#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A private group: who has the key, as a file or as a code, meets at the same
# address without naming it, and chats as in any other group; who has none, or
# another one, hears nothing, and is told of.
#
#   alice (host 1)   bob (host 2)   carol (host 3)
#         |               |               |
#   ------+------ br0 ----+---------------+------

. "${0%/*}/../lib.sh"
requires jq script
on_lan 3

code=babid-famug-hidij-kirum
group=239.255.62.147 # of this code, and of no room
fingerprint=e130-2103
umask 077
echo "mchat-code-1 $code" >"$scratch/code"
echo $code | "$MCHAT" key save "$scratch/file" >/dev/null || exit 1
"$MCHAT" key new "$scratch/other" >/dev/null || exit 1

# typed NAME TEXT: its terminal shows it.
typed() {
	grep -aqF -- "$2" "$scratch/$1.out"
}

# ---- a code, and the key that it stands for ----

what="code and file"
start_open alice on 1 "$MCHAT" -k "$scratch/code" -n alice -v
start_open bob on 2 "$MCHAT" -k "$scratch/file" -n bob -f json
is_in alice
like "$(cat "$scratch/alice.err")" \
	"^mchat: in $group:62428 on eth0 .*; private, key $fingerprint$" \
	"$what: where one is has the key's fingerprint"
succeeds "$what: bob is there, too" wait_for 5 has_members 2 eth0 1 $group
is "$(jq -r 'select(.event == "private") | "\(.key) \(.group) \(.port)"' \
	"$scratch/bob.out")" "$fingerprint $group 62428" "$what: JSON has it"
prepared knows alice bob
say alice "hello, who is there?"
succeeds "$what: bob hears alice" wait_for 5 shows bob "hello, who is there?"
say bob "it is me"
succeeds "$what: alice hears bob" wait_for 5 shows alice "bob: it is me"
leave bob
succeeds "$what: alice hears his bye" \
	wait_for 5 grep -q '^mchat: bob left$' "$scratch/alice.err"

# ---- what was said before ----

what="history"
say alice "something to remember"
start late on 3 "$MCHAT" -k "$scratch/file" -n late -R -H 2 -f bare -c 3
finish late
is $? 0 "$what: exit status"
is "$(cat "$scratch/late.out")" "hello, who is there?
it is me
something to remember" "$what: whoever comes late has the last lines"
leave alice
fails "$what: nobody took another for an outsider" grep -E \
	'was forged|were forged|have another key|speaks without|the clock of' "$scratch/alice.err"

# ---- loss ----

what="loss"
# So long that each is a packet, and that they are many blocks of 64: two that
# lose each something else get combinations.
seq -f "line %01000.0f" 1000 >"$scratch/lines"
for host in 2 3; do
	start heard$host on $host "$MCHAT" -k "$scratch/file" -n heard$host \
		-R -f bare --drop 20 --seed $host --stats -c 1000
	succeeds "$what: host $host is there" \
		wait_for 5 has_members $host eth0 1 $group
done
on 1 "$MCHAT" -k "$scratch/code" -n alice -w 2 <"$scratch/lines" \
	>/dev/null 2>"$scratch/alice.err"
is $? 0 "$what: all lines were confirmed by both"
for host in 2 3; do
	finish heard$host
	is "$(diff "$scratch/lines" "$scratch/heard$host.out")" "" \
		"$what: host $host has each line once, in order"
	like "$(cat "$scratch/heard$host.err")" \
		'sealed opened [1-9][0-9]*, other key 0, unsealed 0, forged 0, ' \
		"$what: and took all for what it was"
	like "$(cat "$scratch/heard$host.err")" \
		'coded received [1-9][0-9]*, .*, decoded [1-9][0-9]*, poisoned blocks 0, ' \
		"$what: and put packets together of sealed combinations"
done
is "$(grep -v ' joined$\| left$' "$scratch/alice.err")" "" \
	"$what: nothing is complained of"

what="--duplicate"
start twice on 2 "$MCHAT" -k "$scratch/file" -n twice -R -f bare \
	--duplicate 100 --trace -c 1
succeeds "$what: host 2 is there" wait_for 5 has_members 2 eth0 1 $group
on 1 "$MCHAT" -k "$scratch/code" -n alice -w 1 -m "once" 2>/dev/null
finish twice
is "$(cat "$scratch/twice.out")" "once" "$what: a line is shown once"
like "$(cat "$scratch/twice.err")" \
	'<- sealed  *10\.77\.0\.1 .* 104 bytes .* taken twice on purpose$' \
	"$what: a datagram is taken twice"
like "$(cat "$scratch/twice.err")" \
	'<- sealed  *10\.77\.0\.1 .* 104 bytes .* came twice or too late$' \
	"$what: and refused the second time"

# ---- commands ----

what="commands"
start_terminal alice 1 -k "$scratch/code"
start_open bob on 2 "$MCHAT" -k "$scratch/file" -n bob -v
is_in bob
prepared typed alice "bob"
say alice "/nick ally"
say alice "a line by another nick"
succeeds "$what: a nick" wait_for 5 shows bob "ally: a line by another nick"
say alice "/who"
succeeds "$what: /who begins with the key" wait_for 5 typed alice \
	"private, key $fingerprint; 1 other is here"
say alice "/join lobby"
succeeds "$what: /join leads to a group of its own" \
	wait_for 5 has_members 1 eth0 0 $group
succeeds "$what: whose key is the same" wait_for 5 grep -aq \
	"in lobby, 239\.255\..*; private, key $fingerprint; the port" \
	"$scratch/alice.out"
start_open carol on 3 "$MCHAT" -k "$scratch/file" -r lobby -n carol -v
is_in carol
room=$(sed -n 's/^mchat: in lobby, \([^:]*\):.*/\1/p' "$scratch/carol.err")
fails "$what: and whose address is another" [ "$room" = $group ]
succeeds "$what: -r leads there, too" wait_for 5 has_members 1 eth0 1 "$room"
prepared knows carol ally
say carol "in the room"
succeeds "$what: both are there" wait_for 5 typed alice "in the room"
fails "$what: bob heard nothing of it" grep -q 'carol' \
	"$scratch/bob.out" "$scratch/bob.err"
leave carol
say alice "/join $group"
succeeds "$what: /join GROUP keeps the key" wait_for 5 grep -aq \
	"in $group:62428 .*; private, key $fingerprint" "$scratch/alice.out"
say alice "back again"
succeeds "$what: and bob hears her again" wait_for 5 shows bob "back again"
leave alice bob

# ---- IPv6 ----

for families in "-6" "-4 -6"; do
	what=$families
	# shellcheck disable=SC2086 # options
	start_open alice on 1 "$MCHAT" -k "$scratch/code" $families -n alice -v
	# shellcheck disable=SC2086
	start_open bob on 2 "$MCHAT" -k "$scratch/file" -6 -n bob -v
	is_in alice
	is_in bob
	like "$(cat "$scratch/bob.err")" \
		'^mchat: in \[ff12::[0-9a-f]*:[0-9a-f]*\]:62428 on eth0 ' \
		"$what: the group comes from the key"
	say alice "over IPv6"
	succeeds "$what: bob hears alice" wait_for 5 shows bob "over IPv6"
	say bob "the same way"
	succeeds "$what: alice hears bob" \
		wait_for 5 shows alice "the same way"
	leave alice bob
	is "$(grep -c "the same way" "$scratch/alice.out")" 1 "$what: once"
done

# ---- a small MTU ----

what="small MTU"
on 3 ip link set eth0 mtu 1280
start heard2 on 2 "$MCHAT" -k "$scratch/file" -n heard2 -R -f bare -c 300
succeeds "$what: host 2 is there" wait_for 5 has_members 2 eth0 1 $group
start dump on 3 sh -c "exec '$MCHAT' -k '$scratch/file' -n carol --trace -w 1 \
	2>'$scratch/trace'" <<-END
	$(seq -f "%0100g" 300)
END
finish heard2
is $? 0 "$what: all is heard"
finish dump
is "$(awk '$2 == "->" && $3 == "DATA" && $6 > max { max = $6 }
	END { print max }' "$scratch/trace")" 1252 \
	"$what: datagrams are as large as fits"
on 3 ip link set eth0 mtu 1500

# ---- outside ----

what="outside"
start_open bob on 2 "$MCHAT" -k "$scratch/file" -n bob -f json
succeeds "$what: bob is there" wait_for 5 has_members 2 eth0 1 $group
start_open quiet on 2 "$MCHAT" -k "$scratch/file" -n quiet -q
succeeds "$what: another, too" wait_for 5 has_members 2 eth0 2 $group
start_open plain on 1 "$MCHAT" -n plain -v $group
is_in plain
start_terminal alice 2 -k "$scratch/code"
prepared typed alice "in $group"
start_open other on 3 "$MCHAT" -k "$scratch/other" -n other $group
# notice KIND: what bob's program is told of such.
notice() {
	jq -r --arg kind "$1" \
		'select(.event == "outside" and .kind == $kind) | .address' \
		"$scratch/bob.out"
}
succeeds "$what: a program is told who speaks without a key" \
	wait_for 5 grep -q '"event":"outside","kind":"plain"' "$scratch/bob.out"
succeeds "$what: and who has another" wait_for 5 \
	grep -q '"event":"outside","kind":"other-key"' "$scratch/bob.out"
say plain "said in the clear"
say other "said to others"
say bob "among us"
succeeds "$what: alice hears bob" wait_for 5 typed alice "among us"
say alice "/who"
succeeds "$what: /who tells of them" wait_for 5 typed alice \
	"outside: 1 address with another key or room, 1 without a key"
say alice "so we are"
succeeds "$what: bob hears alice" wait_for 5 shows bob "so we are"
succeeds "$what: alice is told of the one" typed alice "somebody here \
(10.77.0.1) speaks without a key; that is not shown"
succeeds "$what: and of the other" typed alice "others here (10.77.0.3) have \
another key or room; what they say is not for us"
succeeds "$what: who has no key is told that there are private groups" \
	told plain "private groups are here, too; what they say is not for us"
leave alice bob quiet plain
what="outside, other key"
leave other
what="outside"
is "$(notice plain)" 10.77.0.1 "$what: once, with the address"
is "$(notice other-key)" 10.77.0.3 "$what: the other once, too"
fails "$what: nothing of what they say is shown" grep -qa \
	'said in the clear\|said to others' "$scratch/bob.out" \
	"$scratch/alice.out" "$scratch/quiet.out"
is "$(cat "$scratch/quiet.err")" "" "$what: -q hides it"
is "$(cat "$scratch/plain.out" "$scratch/other.out")" "" \
	"$what: they hear nothing of us"
fails "$what: nor of one another" grep -q joined "$scratch/plain.err" \
	"$scratch/other.err"

done_testing
