#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What members are called: by -n, else by the login name; those that go by the
# same name are told apart by their ids.
#
#   lee (host 1)   lee (host 2)   kim by login (host 3)   ears (host 4)
#      |              |              | (a terminal)          |
#   ---+--------------+--- br0 ------+-----------------------+---

. "${0%/*}/../lib.sh"
requires jq script
on_lan 4

start ears on 4 "$MCHAT" -R -n ears
start json on 4 "$MCHAT" -R -n json -f json
prepared knows ears "json.*"
start_open first on 1 "$MCHAT" -S -q -n lee
prepared knows ears "lee.*"
say first "I am the only lee"
succeeds "a member whose name nobody shares goes by the name alone" \
	wait_for 5 grep -qx 'lee: I am the only lee' "$scratch/ears.out"

start_open second on 2 "$MCHAT" -S -q -n lee
start_open login on 3 env LOGNAME=kim script -qc "$MCHAT" /dev/null
prepared shows json '"nick":"kim"'
both_joined() {
	[ "$(grep -c '"join","nick":"lee"' "$scratch/json.out")" -eq 2 ]
}
prepared both_joined
say first "one"
say second "two"
say login "three"
for text in one two three; do
	prepared shows ears $text
	prepared shows json "\"$text\""
done

# marked TEXT: lee with the first digits of the id of whoever said it.
marked() {
	jq -r --arg text "$1" 'select(.text == $text) | .nick + "#" +
		.id[0:4] + ": " + .text' "$scratch/json.out"
}
for text in one two; do
	is "$(grep "$text\$" "$scratch/ears.out")" "$(marked $text)" \
		"of two lees, the one that said $text is marked"
done
fails "the two lees have different marks" [ "$(marked one | cut -d : -f 1)" = \
	"$(marked two | cut -d : -f 1)" ]
is "$(grep three "$scratch/ears.out")" "kim: three" "the login name is the nick"

say login "/nick 김철수"
say login "four"
succeeds "after /nick a line has the new nick" wait_for 5 shows ears "김철수: four"
succeeds "the change of nick is told" wait_for 5 grep -qx \
	"mchat: kim is now called 김철수" "$scratch/ears.err"

say login "/nick lee"
# The third lee is told from the two others by its id, then and afterwards.
succeeds "who takes a name that others have is marked" wait_for 5 grep -qEx \
	"mchat: 김철수 is now called lee#[0-9a-f]{4}" "$scratch/ears.err"
say login "/nick zoe"
succeeds "who gives it up is marked, too" wait_for 5 grep -qEx \
	"mchat: lee#[0-9a-f]{4} is now called zoe" "$scratch/ears.err"

hang_up second
succeeds "the other lee leaves" wait_for 5 grep -q '^mchat: lee#.* left$' \
	"$scratch/ears.err"
say first "alone again"
succeeds "the lee that remains has no mark" wait_for 5 grep -qx \
	"lee: alone again" "$scratch/ears.out"

done_testing
