#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat lab --step waits for a line between steps, --quiz asks before it tells;
# when stdin has ended, both go on to the end.

. "${0%/*}/../lib.sh"
requires timeout

# ---- step by step ----

# waits: it sleeps, which ttl does for nothing but a line.
waits() {
	grep -q '^State:.S' "/proc/$(cat "$scratch/step.pid")/status"
}

start_open step "$MCHAT" lab --step ttl mac
succeeds "the first step comes by itself" wait_for 5 shows step after=32
succeeds "then it waits" wait_for 5 waits
is "$(grep -c '^2\.' "$scratch/step.out")" 0 "and the second has not begun"
say step ""
succeeds "a line lets the second come" wait_for 5 shows step with_size_0=0
succeeds "it waits again" wait_for 5 waits
is "$(grep -c '^3\.' "$scratch/step.out")" 0 "the third has not begun"
hang_up step
finish step
is $? 0 "at the end of input it goes on to the end"
is "$(cat "$scratch/step.err")" "" "no prompt stands in what is piped"
"$MCHAT" lab ttl mac >"$scratch/plain"
# without_ports FILE: the kernel chooses others each time.
without_ports() {
	sed 's/:[0-9][0-9]*[])]/:PORT/' "$1"
}
is "$(without_ports "$scratch/step.out")" "$(without_ports "$scratch/plain")" \
	"and it tells what it tells without --step"
is "$(timeout 20 "$MCHAT" lab --step ttl </dev/null | tail -n 1)" \
	"$("$MCHAT" lab ttl | tail -n 1)" "without input nothing waits"

# ---- questions ----

# asked ANSWERS EXPERIMENT...: the answers are letters with blanks between.
asked() {
	answers=$1
	shift
	# shellcheck disable=SC2086 # one line each
	printf '%s\n' $answers | timeout 60 "$MCHAT" lab --quiz "$@" \
		>"$scratch/out" 2>"$scratch/err"
	status=$?
}

# line TEXT: the number of the first line that holds it.
line() {
	grep -nF -- "$1" "$scratch/out" | head -n 1 | cut -d : -f 1
}

asked c ttl
is "$status $(tail -n 1 "$scratch/out")" "0 score: 1 of 1 right" "a right answer"
like "$(cat "$scratch/out")" '^    quiz: +right: c\) ' "it is told"
succeeds "the question comes before what was observed" \
	[ "$(line question:)" -lt "$(line observed:)" ]
is "$(($(line quiz:) - $(line ttl_256=)))" 1 \
	"the verdict stands below the observation"
asked A ttl
is "$status $(tail -n 1 "$scratch/out")" "0 score: 0 of 1 right" "a wrong answer"
like "$(cat "$scratch/out")" '^    quiz: +wrong, it is: c\) ' "the right one is told"
asked "x 9 $(printf '%0200d' 7) c" ttl
is "$(tail -n 1 "$scratch/out")" "score: 1 of 1 right" \
	"what is no letter is asked for again"
is "$(grep -c 'answer a, b or c' "$scratch/out")" 3 "each time"
asked "" ttl </dev/null
timeout 20 "$MCHAT" lab --quiz ttl peek </dev/null >"$scratch/out"
is "$? $(tail -n 1 "$scratch/out")" "0 score: 0 of 2 right" \
	"without input it goes on to the end"
is "$(grep -c 'not answered, it is: ' "$scratch/out")" 2 "and says what was right"

# The answers are learnt from the verdicts, and then all are right: each experiment
# has a question, and observes what it is about.
experiments=$("$MCHAT" lab | grep -c .)
asked "$(yes b | head -n "$experiments" | tr '\n' ' ')" all
# An experiment that is not shown is 1.
has_linux "some experiments" || [ "$status" -ne 1 ] || status=0
is "$status $(grep -c '^question:' "$scratch/out")" "0 $experiments" \
	"each experiment has a question"
is "$(LC_ALL=C.UTF-8 awk 'length > 80' "$scratch/out")" "" \
	"questions fit 80 columns"
right=$(sed -n 's/^    quiz: .*: \([abc]\)) .*/\1/p' "$scratch/out")
asked "$right" all
is "$(tail -n 1 "$scratch/out")" "score: $experiments of $experiments right" \
	"each is answered by an observation"
is "$(echo "$right" | sort -u | tr -d '\n')" abc "no letter is always right"

# ---- both, and wrong usage ----

printf 'c\n\n' | timeout 20 "$MCHAT" lab --quiz --step ttl >"$scratch/out"
is "$? $(tail -n 1 "$scratch/out")" "0 score: 1 of 1 right" "both at once"
"$MCHAT" lab --quiz -f json ttl </dev/null >"$scratch/out" 2>&1
is "$? $(cat "$scratch/out")" \
	"2 mchat: lab --quiz asks people: not with --format json" \
	"--quiz and JSON exclude each other"
for option in --step --quiz; do
	"$MCHAT" lab $option </dev/null >"$scratch/out" 2>&1
	is "$? $(cat "$scratch/out")" \
		"2 mchat: lab $option: say which experiment; mchat lab lists them" \
		"$option alone is wrong usage"
done

done_testing
