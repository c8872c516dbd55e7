#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat lab --code: a program for each experiment, which compilers find nothing
# wrong with, and which sees what the experiment sees.

. "${0%/*}/../lib.sh"
requires timeout jq ip

# Whichever of these are here; students have one of them.
compilers=
for compiler in gcc clang; do
	! command -v $compiler >/dev/null || compilers="$compilers $compiler"
done
[ -n "$compilers" ] || skip_all "there is neither gcc nor clang"

# What differs from one run to the next: how long it takes, and what gets lost.
varies='^([a-z_]*_[mu]s|[a-z_]*lost|received)='

# agrees NAME: each line that the program printed was observed by the experiment,
# of what varies the key alone.
agrees() {
	sed -n 's/^    observed: //p' "$scratch/observed" >"$scratch/all"
	sed 's/=.*/=/' "$scratch/all" >"$scratch/keys"
	grep -Ev "$varies|^#" "$scratch/printed" >"$scratch/fixed"
	grep -E "$varies" "$scratch/printed" | sed 's/=.*/=/' \
		>"$scratch/varying"
	is "$(grep -Fvx -f "$scratch/all" "$scratch/fixed")$(
		grep -Fvx -f "$scratch/keys" "$scratch/varying")" "" \
		"$1: the program sees what the experiment sees"
	succeeds "$1: and it sees something" grep -q = "$scratch/printed"
}

# interface_address: of the interface that the experiment took.
interface_address() {
	ip -o -4 address show dev "$(
		sed -n 's/^    observed: interface=//p' "$scratch/observed")" |
		awk '{ sub("/.*", "", $4); print $4; exit }'
}

for experiment in $("$MCHAT" lab | sed 's/ .*//'); do
	source=$scratch/$experiment.c
	"$MCHAT" lab "$experiment" --code >"$source"
	is "$?" 0 "$experiment: has a program"
	succeeds "$experiment: it is that of the tree" \
		cmp "$source" "$top/src/lab/code/$experiment.c"
	succeeds "$experiment: it is short" [ "$(wc -l <"$source")" -le 100 ]
	for compiler in $compilers; do
		succeeds "$experiment: $compiler takes it" "$compiler" -Wall -Wextra \
			-Werror -o "$scratch/program" "$source"
	done
	"$MCHAT" lab "$experiment" >"$scratch/observed" 2>&1
	argument=
	[ "$experiment" != loop ] || argument=$(interface_address)
	timeout 20 "$scratch/program" ${argument:+"$argument"} \
		>"$scratch/printed" 2>"$scratch/err"
	is "$? $(cat "$scratch/err")" "0 " "$experiment: it ends well"
	agrees "$experiment"
done

# ---- how it is asked for ----

"$MCHAT" lab --code 5.2 >"$scratch/two"
is "$(cat "$scratch/rcvbuf.c" "$scratch/lowat.c" | cmp - "$scratch/two")" "" \
	"a section: one program after the other"
is "$("$MCHAT" lab -f json --code peek | jq -j .text | cmp - "$scratch/peek.c")" \
	"" "JSON: the program as a text"
"$MCHAT" lab --code >"$scratch/out" 2>"$scratch/err"
is "$? $(cat "$scratch/out" "$scratch/err")" \
	"2 mchat: lab --code: say which experiment; mchat lab lists them" \
	"--code alone is wrong usage"
for option in --step --quiz; do
	"$MCHAT" lab --code $option ttl >"$scratch/out" 2>&1
	is "$? $(cat "$scratch/out")" "2 mchat: lab --code prints a program \
and runs nothing: not with $option" "--code and $option exclude each other"
done

done_testing
