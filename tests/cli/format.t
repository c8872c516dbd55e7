#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What other members can make stdout show: text is safe, one line a message; bare
# is the bytes, with a newline or a NUL after each message; JSON is one valid
# object a line.  For a terminal see tests/terminal.

. "${0%/*}/../lib.sh"

group=$own_address:5103

# send FORMAT: what printf makes of it, as one message.
send() {
	# shellcheck disable=SC2059 # the argument is the format
	printf "$1\n" >>"$scratch/sent"
	# shellcheck disable=SC2059
	"$MCHAT" --raw -i lo -m "$(printf "$1")" "$group" || note "not sent: $1"
}

send_all() {
	send 'plain'
	send ''
	send '  spaces, a "quote" and a \\\\ stay  '
	send 'a\ttab'
	send 'ESC \033[31mred\033[0m \033]0;title\007'
	send 'two\nlines'
	send 'a\rb'
	send 'CR LF\r'
	send 'BS \b VT \v FF \f DEL \177'
	send 'C1 \302\205 \302\233'
	send 'bidi \342\200\256 \342\201\246 \342\201\251 \330\234 \342\200\217'
	send 'separators \342\200\250 \342\200\251'
	send 'accents \303\251, Hangul \355\225\234, emoji \360\237\230\200'
	send "marks e$(printf '%020d' 0 | sed 's/0/\\314\\201/g')!"
	send 'joined \360\237\221\251\342\200\215\360\237\221\247'
	send '\377'
	send 'invalid \200 \303( \355\240\200 \300\257'
	send 'cut \360\237\230'
	send '[127.0.0.1:1] forged'
	send '{"event":"plain"}'
	# An argument cannot hold this one.
	printf 'NUL \0.\n' | tee -a "$scratch/sent" | "$MCHAT" --raw -i lo "$group"
	send 'the end'
}
messages=22
# Of those, the lines in front of the first that is no UTF-8.
valid_lines=16

# without_chance FILE: without the sender's port and the time, which vary.
without_chance() {
	sed -e 's/^\[127\.0\.0\.1:[0-9]*\]/[127.0.0.1:PORT]/' \
		-e 's/"port":[0-9]*/"port":PORT/' -e 's/"20[^"]*Z"/"TIME"/' "$1"
}

for format in text bare json; do
	start $format "$MCHAT" --raw -v -i lo -R -f $format "$group"
done
start null "$MCHAT" --raw -v -i lo -R -f bare --null "$group"
for format in text bare json null; do
	wait_for 10 grep -q '^mchat: in ' "$scratch/$format.err" ||
		note "$format: $(cat "$scratch/$format.err")"
done
send_all
for format in text bare json null; do
	wait_for 10 shows $format "the end" || note "$format: no end"
	stop $format
	is "$(grep -v '^mchat: ' "$scratch/$format.err")" "" \
		"$format: no message on stderr"
done

text=$scratch/text.out
objects=$scratch/json.out

for format in text json; do
	is "$(without_chance "$scratch/$format.out" |
		diff "$top/tests/cli/format.$format.expected" -)" "" \
		"$format is as in format.$format.expected"
	is "$(wc -l <"$scratch/$format.out")" $messages \
		"$format: one line a message"
	succeeds "$format: valid UTF-8" iconv -f UTF-8 -t UTF-8 \
		-o "$scratch/utf8" "$scratch/$format.out"
done
is "$(LC_ALL=C tr -d '\n\t\040-\176\200-\377' <"$text" | od -c)" "0000000" \
	"text: no control characters but tabs"
is "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <"$objects" | od -c)" "0000000" \
	"json: no control characters"
is "$(wc -l <"$scratch/bare.out")" $messages "bare: one line a message"
sed -e '/^two$/ { N; s/\n/\\n/; }' "$scratch/sent" >"$scratch/expected"
succeeds "bare: the bytes that were sent, but for newlines in a message" \
	cmp "$scratch/expected" "$scratch/bare.out"
is "$(LC_ALL=C tr -cd '\0' <"$scratch/null.out" | wc -c)" $messages \
	"--null: one NUL a message"
# The NUL that was sent is escaped, unlike those that end a message.
LC_ALL=C sed 's/\x00/\\0/' "$scratch/sent" >"$scratch/expected"
LC_ALL=C tr '\0' '\n' <"$scratch/null.out" >"$scratch/got"
succeeds "--null: the bytes that were sent, newlines too" \
	cmp "$scratch/expected" "$scratch/got"

# ---- JSON, as others read it ----

# values KEY: one a line, from the objects that have it.
if command -v jq >/dev/null; then
	values() {
		jq -r --arg key "$1" 'select(has($key)) | .[$key]' "$objects"
	}
elif command -v python3 >/dev/null; then
	values() {
		PYTHONIOENCODING=utf-8 python3 -c '
import json, sys
for line in open(sys.argv[2], encoding="utf-8", newline="\n"):
    event = json.loads(line)
    if sys.argv[1] in event:
        print(event[sys.argv[1]])' "$1" "$objects"
	}
fi

if command -v values >/dev/null; then
	is "$(values event | uniq -c | tr -s ' ')" " $messages plain" \
		"json: each line is an object with the event \"plain\""
	is "$(values address | sort -u)" "127.0.0.1" "json: the address"
	is "$(values interface | sort -u)" "lo" "json: the interface"
	is "$(values ttl | sort -u)" 1 "json: the TTL"
	is "$(values port | grep -cE '^[0-9]{4,5}$')" $messages \
		"json: the port"
	head -n $valid_lines "$scratch/sent" >"$scratch/sent.valid"
	values text | sed -n "1,${valid_lines}p" >"$scratch/read"
	succeeds "json: the text as it was sent" \
		cmp "$scratch/sent.valid" "$scratch/read"
	printf '\377invalid \200 \303( \355\240\200 \300\257cut \360\237\230' \
		>"$scratch/sent.invalid"
	values base64 | while read -r line; do
		echo "$line" | base64 -d
	done >"$scratch/read"
	succeeds "json: base64 holds what is no UTF-8, and nothing else" \
		cmp "$scratch/sent.invalid" "$scratch/read"
else
	skip "what others read in the JSON" "jq and python3 are missing"
fi

written=$(sed -n '$s/.*"time":"\([^"]*\)".*/\1/p' "$objects")
like "$written" '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z$' \
	"json: the time is RFC 3339, in UTC with milliseconds"
age=$(($(date +%s) - $(date -d "$written" +%s)))
[ $age -ge 0 ] && [ $age -lt 600 ]
is $? 0 "json: the time is that of this test"

done_testing
