#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Another implementation, in Python alone, takes part in a private group: it is
# heard; also when its clock is wrong, since members name one another.  A member
# that hears its own session sealed by somebody else knows that it was copied, and
# joins anew.
#
#   ann (host 1)   bob (host 2)   python (host 3)
#      |              |              |
#   ---+--------------+--- br0 ------+---

. "${0%/*}/../lib.sh"
requires python3 jq
on_lan 3

key=$scratch/class.key
"$MCHAT" key new "$key" >/dev/null
group=$("$MCHAT" key show "$key" | sed 's/.*group \([0-9.]*\),.*/\1/')
place=10.77.0.3,$group,62428

python() {
	on 3 python3 -B "$top/tests/peers/private_peer.py" "$@"
}

# seen NAME: the lines and who came and went.
seen() {
	jq -r 'select(.event == "message" or .event == "join" or
			.event == "leave") |
		[.event, .nick, .text // ""] | join(" ")' "$scratch/$1.out"
}

start_open ann on 1 "$MCHAT" -k "$key" -f json -n ann
start_open bob on 2 "$MCHAT" -k "$key" -f json -n bob
prepared shows ann '"join","nick":"bob"'
prepared shows bob '"join","nick":"ann"'

# foreign NICK AHEAD TEXT...: says that, and all hear it once.
foreign() {
	nick=$1
	AHEAD=$2
	export AHEAD
	shift 2
	python say "$place" "$key" "$nick" "$@"
	is $? 0 "$nick has spoken"
	for member in ann bob; do
		succeeds "$member hears that $nick leaves" wait_for 10 shows \
			$member "\"leave\",\"nick\":\"$nick\""
		is "$(seen $member | grep -w "$nick")" "$(
			echo "join $nick "
			printf "message $nick %s\n" "$@"
			echo "leave $nick ")" "$member hears $nick, each line once"
	done
}

foreign right 0 one two three
foreign ahead 3700 one two
foreign behind -86400 one
for member in ann bob; do
	is "$(jq -r 'select(.event == "outside") | .kind' \
		"$scratch/$member.out" | sort | uniq -c | xargs)" "2 time" \
		"$member is told of the clocks"
done

# ---- of another key, of another room ----

"$MCHAT" key new "$scratch/other.key" >/dev/null
AHEAD=0
export AHEAD
python say "$place" "$scratch/other.key" stranger hello
for member in ann bob; do
	succeeds "$member is told that somebody has another key" wait_for 10 \
		shows $member '"kind":"other-key"'
	is "$(seen $member | grep -c stranger)" 0 "$member hears nothing of it"
done

# ---- a copy ----

record=$scratch/record
start recorder on 3 python3 -B "$top/tests/peers/private_peer.py" record \
	"$place" "$record"
prepared shows recorder recording
say ann "for the record"
prepared shows bob "for the record"
# The last datagram is to be ann's, so bob is gone.
hang_up bob
finish bob
is $? 0 "bob's exit status"
prepared shows ann '"leave","nick":"bob"'
lines() {
	wc -l <"$record"
}
before=$(lines)
grows() {
	[ "$(lines)" -gt $((before + 1)) ]
}
wait_for 20 grows
stop recorder
python clone "$place" "$key" "$record"
succeeds "ann is told that it was copied" wait_for 10 grep -q \
	'seals with our number' "$scratch/ann.err"
python say "$place" "$key" later "still there?"
succeeds "and hears others afterwards" wait_for 10 shows ann "still there?"

hang_up ann
finish ann
is $? 1 "ann's exit status tells of the copy"

done_testing
