#!/bin/sh
# SPDX-License-Identifier: ISC
#
# An attacker with a strategy on the wire: it fills the table of members, holds
# memory, repeats origins, lies, drips, asks for every repair, changes ids.
# During the attack and after it two honest members hear every line of each
# other, in order, stay within their memory, and end well.
#
#   ann (host 1)   bob (host 2)   attacker (host 3)
#      |              |              |
#   ---+--------------+--- br0 ------+---
#
# SEED=N repeats a run; ATTACKS="fill ids" runs only these attacks.

. "${0%/*}/../lib.sh"
on_lan 3

SEED=${SEED:-$(date +%s)}
note "SEED=$SEED"
export SEED
# KiB resident at most: 64 MiB of what comes from others, and the program.
limit=80000
lines=20     # that each says during an attack
after=20000  # that ann says after it

attacker=$BUILD/tests/peers/attacker
[ -x "$attacker" ] || skip_all "the attacker is not built"

# hears NAME LINE
hears() {
	grep -a -qxF -- "$2" "$scratch/$1.out"
}
# has_all NAME AUTHOR COUNT: NAME shows at least so many lines of AUTHOR.
has_all() {
	[ "$(grep -a -c "^$2 " "$scratch/$1.out")" -ge "$3" ]
}

# talk: each says $lines lines, the next one when the other has heard the last.
talk() {
	for line in $(seq "$lines"); do
		say ann "ann $line"
		say bob "bob $line"
		wait_for 30 hears bob "ann $line" || return
		wait_for 30 hears ann "bob $line" || return
	done
}

# attacked STRATEGY FAKES RATE SECONDS STATUS: the exit status of the honest
# members is STATUS at most: 1 where they take the fakes for members, which do
# not confirm everything.
attacked() {
	start_open ann on 1 "$MCHAT" -f bare -n ann
	start_open bob on 2 "$MCHAT" -f bare -n bob
	prepared has_members 1 eth0 1
	prepared has_members 2 eth0 1
	start attacker on 3 "$attacker" "$1" 10.77.0.3 239.255.77.67 62428 \
		"$2" "$3" "$4"
	succeeds "$1: ann and bob hear each other during the attack" talk
	wait_for $(($4 + 20)) ended attacker
	finish attacker
	is $? 0 "$1: the attacker's exit status"
	note "$1: $(cat "$scratch/attacker.out")"
	began=$(date +%s%N)
	seq -f 'ann after %.0f' $after >"$scratch/ann.in"
	succeeds "$1: bob gets every line that ann says afterwards" \
		wait_for 60 has_all bob ann $((lines + after))
	note "$1: $after lines took $((($(date +%s%N) - began) / 1000000)) ms"
	is "$(grep -a '^ann ' "$scratch/bob.out" | cksum)" \
		"$({ seq -f 'ann %.0f' $lines; seq -f 'ann after %.0f' $after; } |
			cksum)" "$1: bob has each of ann's lines once, in order"
	is "$(grep -a '^bob ' "$scratch/ann.out" | cksum)" \
		"$(seq -f 'bob %.0f' $lines | cksum)" "$1: ann has each of bob's lines once, in order"
	for member in ann bob; do
		[ "${BUILD##*/}" = asan ] && continue
		peak=$(resident_kib $member VmHWM)
		note "$1: $member: $peak KiB at most"
		succeeds "$1: $member stays within $limit KiB" [ "$peak" -le $limit ]
	done
	for member in ann bob; do
		# Who is interrupted does not wait until all is confirmed, which
		# bob does a moment after he has shown it.
		if [ "$5" -eq 0 ]; then
			hang_up $member
		else
			signal $member INT
		fi
		wait_for 60 ended $member
		finish $member
		status=$?
		succeeds "$1: $member's exit status $status is $5 at most" [ $status -le "$5" ]
		hang_up $member 2>/dev/null
		rm -f "$scratch/$member.in"
	done
}

while read -r strategy fakes rate seconds status; do
	case " ${ATTACKS:-$strategy} " in
	*" $strategy "*) attacked "$strategy" "$fakes" "$rate" \
		"$seconds" "$status" ;;
	esac
done <<-END
	fill 2100 2000 3 1
	fill-confirm 2100 2000 3 1
	gaps 40 10000 7 0
	unfinished 2040 10000 7 0
	slots 2040 2000 3 0
	repeat 4 1000 3 1
	lie-of-self 20 200 3 1
	lie-of-others 20 200 3 1
	drip 1 10 3 1
	drip-floor 1 10 3 1
	ask 50 200 3 1
	ask-claim 4 20 3 1
	ids 1 4000 3 1
	END

done_testing
