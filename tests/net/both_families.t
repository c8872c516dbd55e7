#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Members that are reached over IPv4, over IPv6 or over both: who is reached by
# both is one member; a family that fails is done without; and what came by one
# goes on by the other.
#
#   alice (host 1)   bob (host 2)   carol (host 3)
#         |               |               |
#   ------+------ br0 ----+---------------+------

. "${0%/*}/../lib.sh"
requires nft jq script
on_lan 3

# ---- one member ----

what="both"
start_open bob on 2 "$MCHAT" -4 -6 -n bob -v
start_open carol on 3 "$MCHAT" -4 -6 -n carol -v -f json
is_in bob
is_in carol
start_terminal alice 1 -4 -6 -w 2
prepared grep -aq "carol joined\|here: .*carol" "$scratch/alice.out"
say alice "hello"
succeeds "$what: bob hears it" wait_for 5 shows bob hello
succeeds "$what: carol hears it" wait_for 5 shows carol hello
say alice /who
succeeds "$what: /who counts each once" \
	wait_for 5 grep -aq "2 others are here" "$scratch/alice.out"
# Whether they have all by now is of no account.
prepared grep -aq "carol: on this network" "$scratch/alice.out"
prepared grep -aq "bob: on this network" "$scratch/alice.out"
is "$(grep -ac "bob: on this network" "$scratch/alice.out")" 1 \
	"$what: bob in one line"
say carol "hi there"
succeeds "$what: alice hears carol" wait_for 5 shows alice "hi there"
say alice /quit
finish alice
is $? 0 "$what: exit status of alice"
stop alice.input
rm "$scratch/alice.in"
leave carol bob
is "$(jq -r 'select(.event == "join") | .nick' "$scratch/carol.out" |
	sort | uniq -c | sed 's/ *//' | tr '\n' ' ')" "1 alice 1 bob " \
	"$what: in JSON each joins once"
is "$(jq -r 'select(.event == "message") | .text' "$scratch/carol.out")" \
	hello "$what: in JSON the line comes once"

what="-w with both"
start_open bob on 2 "$MCHAT" -4 -6 -n bob -v
is_in bob
on 1 "$MCHAT" -4 -6 -n alice -q -w 2 -T 2 -m "two?" 2>"$scratch/err"
is $? 1 "$what: one that is reached by both counts as one"
like "$(cat "$scratch/err")" "^mchat: 1 of 2 members came" \
	"$what: as it says"
on 1 "$MCHAT" -4 -6 -n alice -q -w 1 -T 10 -m "one?" 2>"$scratch/err"
is $? 0 "$what: -w 1 is content with it"
leave bob

# ---- one family fails ----

# dropping FAMILY: what comes to bob over it is dropped.
dropping() {
	on 2 nft -f - <<-END
		table inet cut
		delete table inet cut
		table inet cut {
			chain in {
				type filter hook input priority 0
				meta nfproto $1 meta l4proto udp drop
			}
		}
	END
}
for family in ipv4 ipv6; do
	what="$family fails"
	start_open bob on 2 "$MCHAT" -4 -6 -n bob -v -f bare
	is_in bob
	start_open alice on 1 "$MCHAT" -4 -6 -n alice -v
	is_in alice
	seq -f "before %.0f" 100 | while read -r text; do
		say alice "$text"
	done
	prepared shows bob "before 50"
	dropping $family || skip_all "nft does not work"
	seq -f "after %.0f" 500 | while read -r text; do
		say alice "$text"
	done
	succeeds "$what: the chat goes on" wait_for 20 shows bob "after 500"
	say bob "answer"
	succeeds "$what: and back" wait_for 5 shows alice answer
	leave alice bob
	is "$(cksum <"$scratch/bob.out")" \
		"$({ seq -f "before %.0f" 100 && seq -f "after %.0f" 500; } |
			cksum)" "$what: each line came once, in order"
	fails "$what: nobody is said to have left in the middle" \
		grep "timed out\|does not hear" "$scratch/alice.err"
	on 2 nft delete table inet cut
done

# ---- from one family to the other ----

# alice's packets are as large as IPv4 carries, 1472 bytes, which is more than
# IPv6 takes in one piece; carol gets them from bob alone, in pieces.
what="from IPv4 to IPv6"
start_open carol on 3 "$MCHAT" -6 -n carol -v -f bare
is_in carol
start_open bob on 2 "$MCHAT" -4 -6 -n bob -v
is_in bob
start_open alice on 1 "$MCHAT" -4 -n alice -v
is_in alice
say alice "short"
succeeds "$what: carol has what bob hears" wait_for 30 shows carol "short"
say alice "$(repeated 1440 a)"
succeeds "$what: a packet that is too large for one piece" \
	wait_for 30 shows carol "$(repeated 1440 a)"
say alice "$(repeated 20000 b)"
succeeds "$what: many of them" wait_for 30 shows carol "$(repeated 20000 b)"
for name in alice bob carol; do
	signal $name TERM
	finish $name >/dev/null
done

done_testing
