#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Where there is colour, and where there is no escape sequence at all; what else
# a terminal shows: the time, who joins, the bell.

. "${0%/*}/../lib.sh"

group=$own_address:5110
escape=$(printf '\033')
bell=$(printf '\007')
unset NO_COLOR COLORTERM
export TERM=xterm TZ=UTC0

# speak_to NAME: kim speaks twice to lee, whose files are NAME's; prints what lee
# shows.
speak_to() {
	prepared grep -q 'in 239' "$scratch/$1.out" "$scratch/$1.err"
	"$MCHAT" -q -i lo -n kim -w 1 -m hello -m 'LEE, are you there?' \
		"$group" || note "$1: not sent"
	finish "$1" || note "$1 did not end"
	tr -d '\r' <"$scratch/$1.out"
}

# in_pipe NAME OPTION..., on_terminal NAME OPTION...: what lee shows.
in_pipe() {
	start "$@" -v -i lo -n lee -R -c 2 "$group"
	speak_to "$1"
}

on_terminal() {
	name=$1
	shift
	start "$name" script -qefc \
		"exec '$MCHAT' $* -v -i lo -n lee -R -c 2 $group" /dev/null
	speak_to "$name"
}

has_escape() {
	grep -q "$escape" "$scratch/$1.out" "$scratch/$1.err"
}

# ---- in a pipe ----

is "$(in_pipe pipe "$MCHAT" --bell)" "kim: hello
kim: LEE, are you there?" "a pipe gets text, and no bell"
fails "a pipe gets no escape sequences" has_escape pipe
kim="${escape}[38;5;62mkim${escape}[0m"
is "$(in_pipe forced "$MCHAT" --color always)" "$kim: hello
$kim: LEE, are you there?" "with --color always a pipe gets colour"
like "$(cat "$scratch/forced.err")" \
	"^$escape\[38;5;244mmchat: kim joined$escape\[0m$" "with --color always, \"joined\" is dimmed"
for format in bare json; do
	like "$(in_pipe $format "$MCHAT" --color always -f $format)" 'hello' \
		"$format, --color always: the message is shown"
	fails "$format, --color always: no colour" has_escape $format
done

# ---- on a terminal ----

if ! script -qefc true /dev/null </dev/null >/dev/null 2>&1; then
	skip "what a terminal shows" "script gives none"
	done_testing
fi

clock='[0-2][0-9]:[0-5][0-9]'
shown=$(on_terminal terminal)
like "$shown" "^$clock ${escape}\[38;5;62mkim$escape\[0m: hello$" \
	"a terminal gets time and colour"
like "$shown" ": $escape\[1;7mLEE$escape\[0m, are you there" \
	"a terminal highlights our nick"
like "$shown" "^$escape\[38;5;244m— kim joined —$escape\[0m$" \
	"a terminal shows who joins, dimmed, among the messages"
is "$(grep -c "$bell" "$scratch/terminal.out")" 0 "without --bell no bell rings"

shown=$(on_terminal bell --bell)
is "$(printf '%s' "$shown" | tr -cd '\007' | wc -c)" 1 \
	"with --bell the bell rings once"
like "$(printf '%s\n' "$shown" | sed -n "/LEE/,\$p")" "$bell" \
	"with --bell the bell follows what kim says of lee"

shown=$(on_terminal never --color never)
like "$shown" "^$clock kim: hello$" "--color never: time without colour"
like "$shown" "^$clock !kim: LEE, are" "--color never: a mark at our nick"
like "$shown" "^— kim joined —$" "--color never: who joins, without colour"
fails "--color never: no escape sequence" has_escape never

like "$(on_terminal plain --plain --color always)" "^$clock kim: hello$" \
	"--plain: time without colour"
fails "--plain: no escape sequence" has_escape plain

for setting in NO_COLOR=1 TERM=dumb TERM= TERM=vt100; do
	export "${setting?}"
	like "$(on_terminal setting)" "^$clock kim: hello$" "$setting: time"
	fails "$setting: no escape sequence" has_escape setting
	unset NO_COLOR
	TERM=xterm
done
on_terminal bare -f bare --color always >"$scratch/shown"
is "$(grep -vE 'mchat: |^Script' "$scratch/shown")" "hello
LEE, are you there?" "bare on a terminal has neither time nor colour"

done_testing
