#!/bin/sh
# SPDX-License-Identifier: ISC
#
# -f bare in a script's loop: one message is one line, or with --null what ends
# with a NUL, whatever is in it.

. "${0%/*}/../lib.sh"

group=$own_address:5112
newline='
'
cr=$(printf '\r')

# listen NAME OPTION...: kim, who prints bare and waits for seven messages.
listen() {
	listener=$1
	shift
	start "$listener" "$MCHAT" -v -i lo -n kim -R -c 7 -f bare "$@" "$group"
	is_in "$listener"
}

# speak: lee says seven messages, of which three hold a newline.
speak() {
	timeout 20 "$MCHAT" -i lo -n lee -q -w "$1" -m "two${newline}lines" \
		-m '' -m "$newline" -m '  C:\new \\ \d+  ' -m "from DOS$cr" \
		-m "${newline}a$newline$newline" -m end "$group"
}

listen lines
listen items --null
speak 2
is $? 0 "both receivers confirm"
for name in lines items; do
	finish $name
	is $? 0 "$name: exit status after seven messages"
done

# The loop of README.md.
while IFS= read -r line; do
	printf '<%s>\n' "$line"
done <"$scratch/lines.out" >"$scratch/read"
is "$(cat "$scratch/read")" '<two\nlines>
<>
<\n>
<  C:\new \\ \d+  >
'"<from DOS$cr>"'
<\na\n\n>
<end>' "each message is one line, and no other byte of it changes"

said="<two${newline}lines>
<>
<$newline>
"'<  C:\new \\ \d+  >
'"<from DOS$cr>
<${newline}a$newline$newline>
<end>"
if command -v bash >/dev/null; then
	# shellcheck disable=SC2016 # bash expands it
	is "$(bash -c 'while IFS= read -r -d "" text; do
		printf "<%s>\n" "$text"
	done' <"$scratch/items.out")" "$said" "--null: the messages themselves"
else
	skip "--null in a loop" "bash is missing"
fi
is "$(xargs -0 printf '<%s>\n' <"$scratch/items.out")" "$said" \
	"--null: xargs -0 reads them"

# ---- a datagram of several lines, and one with a NUL ----

start raw "$MCHAT" --raw -v -i lo -R -c 2 -f bare "$group"
start raw_items "$MCHAT" --raw -v -i lo -R -c 2 --null -f bare "$group"
is_in raw
is_in raw_items
timeout 20 "$MCHAT" --raw -i lo -m "one${newline}two${newline}three" "$group"
printf 'a\0b\n' | timeout 20 "$MCHAT" --raw -i lo "$group"
finish raw
finish raw_items
is "$(od -c <"$scratch/raw.out")" \
	"$(printf 'one\\ntwo\\nthree\na\0b\n' | od -c)" \
	"--raw: a datagram is a line"
is "$(od -c <"$scratch/raw_items.out")" \
	"$(printf 'one\ntwo\nthree\0a\\0b\0' | od -c)" \
	"--raw --null: a datagram ends with the only NUL"

# ---- a terminal ----

if command -v script >/dev/null; then
	start tty script -qec "$MCHAT -i lo -n kim -R -c 2 -q -f bare --null \
		$group" /dev/null
	timeout 20 "$MCHAT" -i lo -n lee -q -w 1 \
		-m "two${newline}lines" -m "$(printf 'esc\033')" "$group"
	finish tty
	is "$(od -c <"$scratch/tty.out")" \
		"$(printf 'two\\nlines\r\nesc\\x1b\r\n' | od -c)" \
		"--null on a terminal: safe lines"
else
	skip "--null on a terminal" "script is missing"
fi

done_testing
