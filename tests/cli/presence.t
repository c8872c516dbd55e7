#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What people at a terminal are told of who is here: one line of those who were
# here before, who comes later and stays, and nothing of programs that say one
# thing; that nobody is here; and by which name they are known.

. "${0%/*}/../lib.sh"

group=$own_address:5115
script -qefc true /dev/null </dev/null >/dev/null 2>&1 ||
	skip_all "script gives no terminal"

# member NAME NICK: stays until it is stopped, and writes JSON.
member() {
	start "$1" "$MCHAT" -v -i lo -n "$2" -R -f json "$group"
	is_in "$1"
}

# terminal NAME NICK: at a terminal; what it shows is in $scratch/NAME.out.
terminal() {
	start_open "$1" script -qefc \
		"exec '$MCHAT' --color never -i lo -n $2 $group" /dev/null
}

shown() {
	grep -aqE "$2" "$scratch/$1.out"
}

tells() {
	succeeds "$3" wait_for 20 shown "$1" "$2"
}

terminal alone alone
tells alone '— nobody else is here yet; /help lists the commands —' \
	"who is alone is told so"
stop alone

for name in kim lee ann; do
	member $name $name
done
terminal min min
# named NAME: how often it was said that NAME is here or came.
named() {
	grep -aoE "(here: |, )$1[,;]|$1 joined" "$scratch/min.out" | wc -l
}
all_named() {
	[ "$(named ann) $(named kim) $(named lee)" = "1 1 1" ]
}
# One that answers late, on a slow machine, is told of on its own.
succeeds "who was here is told of once" wait_for 20 all_named
tells min "— here: .*; you are min —" "in one line, with our own name"

"$MCHAT" -i lo -n bob -q -w 4 -m "backup done" "$group"
tells min 'bob: backup done' "a program's message is shown"
wait_for 20 shown kim '"leave","nick":"bob"'
member dan dan
tells min '— dan joined —' "who comes and stays is told of"
fails "but not that the program came and went" shown min 'bob (joined|left)'
stop dan
tells min '— dan left —' "and that it left"
like "$(grep -c '"join","nick":"bob"\|"leave","nick":"bob"' \
	"$scratch/kim.out")" 2 "json has it all"

member other min
tells min '— min#[0-9a-f]{4} joined —' "of a namesake we see the id"
tells min '— you are min#[0-9a-f]{4} \(free is: /nick min2\) —' \
	"and learn our own, and a nick that is free"
done_testing
