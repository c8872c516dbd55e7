#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Who joins late reads what two members said to each other as they said it: one
# line of kim, one of lee, in every format and at a terminal.

. "${0%/*}/../lib.sh"

group=$own_address:5113

start ears "$MCHAT" -i lo -n ears -R -f bare --trace "$group"
for name in kim lee; do
	start_open $name "$MCHAT" -i lo -n $name -S -q "$group"
done
for name in kim lee; do
	prepared settled ears $name
done
for number in 1 2 3 4 5 6; do
	for name in kim lee; do
		say $name "$name $number"
		prepared shows ears "$name $number"
	done
done

said=$(cat "$scratch/ears.out")
joins="$MCHAT -i lo -n late -R -H 20 -c 12 -T 20"
# shellcheck disable=SC2086 # options and words
{
	is "$($joins -f bare "$group" 2>/dev/null)" "$said" "bare: in order of time"
	is "$($joins -f json "$group" | sed -n 's/.*"text":"\([^"]*\)".*/\1/p')" \
		"$said" "json, too"
	is "$($joins -H 2 -c 4 -f bare "$group" 2>/dev/null)" \
		"$(printf '%s\n' "$said" | tail -n 4)" "the last two of each"
	is "$($joins -c 5 -f bare "$group" 2>/dev/null)" \
		"$(printf '%s\n' "$said" | head -n 5)" \
		"no more than -c asks for, the oldest first"
}
if script -qefc true /dev/null </dev/null >/dev/null 2>&1; then
	is "$(script -qefc "exec $joins --color never $group" /dev/null \
		</dev/null | sed -n 's/^[0-9:]* ~[a-z]*: \([a-z0-9 ]*\).*/\1/p')" \
		"$said" "and at a terminal"
else
	skip "at a terminal" "script gives none"
fi

# What is said while history is gathered comes behind it.
start late "$MCHAT" -v -i lo -n late -R -H 20 -c 13 -f bare "$group"
is_in late
until ended late; do
	"$MCHAT" -i lo -n ann -q -m now "$group"
done
finish late
is "$(cat "$scratch/late.out")" "$said
now" "what is said now stands behind all of it"
done_testing
