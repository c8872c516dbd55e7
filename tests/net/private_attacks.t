#!/bin/sh
# SPDX-License-Identifier: ISC
#
# An outsider of a private group records all that is sent, plays it again, at
# once, shuffled and later, turns over bits, forges what could come next, and
# speaks without a key in the members' names: these see exactly what they say
# themselves, a newcomer sees nothing that was said before, and nobody answers
# or repairs because of it.
#
#   ann (host 1)   bob, dave, carol (host 2)   mallory (host 3)
#      |                     |                     |
#   ---+---------------------+-------- br0 --------+---

. "${0%/*}/../lib.sh"
requires python3 jq
on_lan 3

key=$scratch/class.key
"$MCHAT" key new "$key" >/dev/null
group=$("$MCHAT" key show "$key" | sed 's/.*group \([0-9.]*\),.*/\1/')
place=10.77.0.3,$group,62428

# seen NAME: all that it was shown, but for when and for what is outside.
seen() {
	jq -r 'select(.event != "outside" and .event != "private" and
			.event != "stats") |
		[.event, .nick, .text // .old // ""] | join(" ")' \
		"$scratch/$1.out"
}

# says_all LINE: ann and bob each say a line, and hear that of the other.
says_all() {
	say ann "ann $1"
	say bob "bob $1"
	wait_for 10 shows bob "\"ann $1\"" && wait_for 10 shows ann "\"bob $1\""
}

# ---- what is recorded ----

record=$scratch/record
start recorder on 3 python3 -B "$top/tests/peers/private_peer.py" record \
	"$place" "$record"
prepared shows recorder recording
start_open ann on 1 "$MCHAT" -k "$key" -f json --stats -n ann
start_open bob on 2 "$MCHAT" -k "$key" -f json --stats -n bob
prepared shows ann '"join","nick":"bob"'
prepared shows bob '"join","nick":"ann"'
on 2 "$MCHAT" -k "$key" -q -n dave -w 2 -m "dave 1" -m "dave 2"
is $? 0 "dave's lines are confirmed"
prepared shows ann '"leave","nick":"dave"'
prepared shows bob '"leave","nick":"dave"'
# Of one whose clock is wrong, too, who is heard once all have named each other.
AHEAD=3700 on 2 python3 -B "$top/tests/peers/private_peer.py" say \
	"10.77.0.2,$group,62428" "$key" zoe "zoe 1"
is $? 0 "zoe, whose clock is wrong, has spoken"
prepared shows ann '"leave","nick":"zoe"'
prepared shows bob '"leave","nick":"zoe"'
for line in 1 2 3 4 5; do
	succeeds "ann and bob hear one another, line $line" says_all "$line"
done
stop recorder
# What is sealed at most 2 s before somebody joins can be played to him.
last_said=$(date +%s)
succeeds "mallory has recorded it" [ "$(wc -l <"$record")" -ge 20 ]
note "$(wc -l <"$record") datagrams recorded"
is "$(cut -c 4 "$record" | sort -u | xargs)" "1 2 3" \
	"packets, questions and answers of whose clock is wrong"
id_of() {
	jq -r "select(.event == \"join\" and .nick == \"$2\") | .id" \
		"$scratch/$1.out" | head -n 1
}
ann=$(id_of bob ann)
bob=$(id_of ann bob)

# expected NAME OTHER: what NAME has seen up to the last line of OTHER.
expected() {
	printf '%s\n' "join $2 " "join dave " "message dave dave 1" \
		"message dave dave 2" "leave dave " "join zoe " \
		"message zoe zoe 1" "leave zoe "
	for number in $(seq "$line"); do
		echo "message $2 $2 $number"
	done
}

# quiet HOST: how many datagrams a second it sends where nothing is said.
quiet() {
	before=$(udp_sent "$1")
	sleep 2
	echo $((($(udp_sent "$1") - before) / 2))
}
usual=$(quiet 1)

# attacked NAME COMMAND...: mallory does that, and ann and bob see nothing of it.
attacked() {
	attack=$1
	shift
	began=$(date +%s)
	before=$(udp_sent 1)
	start mallory on 3 python3 -B "$top/tests/peers/private_peer.py" "$@"
	wait_for 60 ended mallory
	finish mallory
	is $? 0 "$attack: it is done"
	seconds=$(($(date +%s) - began + 1))
	rate=$((($(udp_sent 1) - before) / seconds))
	note "$attack: $(cat "$scratch/mallory.out") datagrams in $seconds s; \
ann sends $rate a second, before it $usual"
	succeeds "$attack: ann sends no more because of it" \
		[ "$rate" -le $((usual + 100)) ]
	line=$((line + 1))
	succeeds "$attack: ann and bob hear one another" says_all "$line"
	is "$(seen ann)" "$(expected ann bob)" "$attack: ann sees nothing of it"
	is "$(seen bob)" "$(expected bob ann)" "$attack: bob sees nothing of it"
}

attacked "replay" replay "$place" "$record" 5
attacked "plain" plain "$place" "$ann" ann "$bob" bob
attacked "flipped bits" flip "$place" "$record"
attacked "forged" forge "$place" "$record"

# ---- who comes while it is played again ----

start player on 3 python3 -B "$top/tests/peers/private_peer.py" replay \
	"$place" "$record" 100000
[ $(($(date +%s) - last_said)) -gt 3 ] || sleep 3
start_open carol on 2 "$MCHAT" -k "$key" -f json -n carol
prepared shows carol '"join","nick":"ann"'
prepared shows carol '"join","nick":"bob"'
prepared shows ann '"join","nick":"carol"'
prepared shows bob '"join","nick":"carol"'
before=$(udp_sent 2)
sleep 2
rate=$((($(udp_sent 2) - before) / 2))
note "with carol, host 2 sends $rate datagrams a second"
succeeds "a newcomer sends no more because of it" [ "$rate" -le 100 ]
for time in 1 2 3 4; do
	on 2 "$MCHAT" -k "$key" -q -f bare -R -c 1 -T 1 >>"$scratch/restarted"
	is $? 1 "who restarts in a loop waits in vain, time $time"
done
is "$(cat "$scratch/restarted")" "" "and is shown nothing"
hang_up carol
finish carol
is $? 0 "carol ends well"
is "$(seen carol | grep -cE '^message|dave|zoe|lost')" 0 \
	"a newcomer is shown nothing that was said before, nor who was here"
[ $(($(date +%s) - last_said)) -gt 11 ] ||
	sleep $((12 - $(date +%s) + last_said))
line=$((line + 1))
succeeds "after 11 s: ann and bob hear one another" says_all "$line"
stop player 2>/dev/null
for member in ann bob; do
	is "$(seen $member | grep -c 'message dave')" 2 \
		"after 11 s: $member has dave's lines once"
	is "$(seen $member | grep -c '^join dave')" 1 \
		"after 11 s: for $member dave has come once"
done

# ---- the end, and what was counted ----

for member in ann bob; do
	hang_up $member
	finish $member
	is $? 0 "$member's exit status"
	stats=$(jq -c 'select(.event == "stats")' "$scratch/$member.out")
	for count in forged replayed unsealed; do
		succeeds "$member has counted what was $count" [ "$(echo "$stats" |
			jq ".$count")" -gt 50 ]
	done
	is "$(jq -r 'select(.event == "outside") | .kind' \
		"$scratch/$member.out" | sort | uniq -c | xargs)" \
		"1 forged 1 other-key 1 plain 1 time" "$member was told of each kind once"
done

# ---- confirmations ----

# confirmed [OPTION]...: ann wants one member to confirm, and there is none.
confirmed() {
	on 1 "$MCHAT" "$@" -q -n ann -w 1 -T 3 -m hello 2>"$scratch/ann.err"
}
start player on 3 python3 -B "$top/tests/peers/private_peer.py" replay \
	"$place" "$record" 100000
start liar on 3 python3 -B "$top/tests/peers/private_peer.py" confirm "$place"
start stranger on 3 python3 -B "$top/tests/peers/private_peer.py" plain \
	"$place" "$ann" ann "$bob" bob
confirmed -k "$key"
is $? 1 "nobody without the key can confirm"
stop player 2>/dev/null
stop liar 2>/dev/null
stop stranger 2>/dev/null

start liar on 3 python3 -B "$top/tests/peers/private_peer.py" confirm \
	10.77.0.3,239.255.77.67,62428
prepared has_members 3 eth0 1
confirmed
is $? 0 "though without one anybody can"
stop liar 2>/dev/null

done_testing
