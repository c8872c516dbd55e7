#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every kind of event is one JSON object on a line of stdout with the fields
# that the manual promises; as text, messages alone are on stdout and all else
# on stderr.  (For losses see stalled_reader.t.)
#
#   kim (host 1), at a terminal   lee (host 2)   socat (3)   json, text (host 4)
#      |                             |             |            |
#   ---+-----------------------------+--- br0 -----+------------+---

. "${0%/*}/../lib.sh"
requires jq script socat
on_lan 4

start json on 4 "$MCHAT" -R --stats -f json -n json
start text on 4 "$MCHAT" -R --stats -n text
start_open kim on 1 script -qc "$MCHAT -n kim" /dev/null
start_open lee on 2 "$MCHAT" -S -q -n lee
for name in kim lee; do
	prepared shows json "\"join\",\"nick\":\"$name\""
done

say kim "hello"
prepared shows json '"text":"hello"'
say kim "/me waves"
prepared shows json '"text":"waves"'
say kim "/nick kimberly"
prepared shows json '"event":"nick"'
say lee "$(printf '\377 is no UTF-8')"
prepared shows json '"base64"'
echo "plain words" | on 3 socat -u - UDP4-DATAGRAM:239.255.77.67:62428,`
	`bind=10.77.0.3:40123,ip-multicast-if=10.77.0.3
prepared shows json plain
hang_up kim
prepared shows json '"reason":"bye"'
signal lee KILL
collect lee 2>/dev/null
succeeds "a member that is killed leaves by timeout" wait_for 20 shows json \
	'"reason":"timeout"'
for name in json text; do
	stop $name
	is $? 0 "exit status of $name"
done

# ---- json ----

is "$(cat "$scratch/json.err")" "" "json: nothing on stderr"
is "$(jq -c . "$scratch/json.out" | wc -l)" "$(wc -l <"$scratch/json.out")" \
	"json: each line is one object"
date="20[0-9]{2}-[01][0-9]-[0-3][0-9]"
clock="[0-2][0-9]:[0-5][0-9]:[0-6][0-9][.][0-9]{3}"
is "$(jq -r --arg time "^${date}T${clock}Z\$" 'select((.event | not) or
	([.time, .received] | map(strings) |
		length > 0 and all(test($time)) | not)) | .event' "$scratch/json.out")" "" \
	"json: each object has its kind and a time in UTC with milliseconds"

# fields FILTER: those of the events that the filter takes, and their types.
fields() {
	jq -r "select($1)"' | del(.time) | to_entries |
		map(.key + ":" + (.value | type)) | join(" ")' \
		"$scratch/json.out" | sort -u
}
member="event:string nick:string id:string"
is "$(fields '.event == "message" and .base64 == null')" \
	"$member seq:number received:string text:string" \
	"json: fields of a message"
is "$(fields '.event == "message" and .base64')" \
	"$member seq:number received:string text:string base64:string" \
	"json: fields of a message that is no UTF-8"
is "$(fields '.event == "action"')" \
	"$member seq:number received:string text:string" \
	"json: fields of an action"
is "$(fields '.event == "join"')" "$member" "json: fields of a join"
is "$(fields '.event == "leave"')" "$member reason:string" "json: fields of a leave"
is "$(fields '.event == "nick"')" "$member old:string" "json: fields of a change of nick"
is "$(fields '.event == "plain"')" "event:string address:string port:number `
	`interface:string ttl:number text:string" "json: fields of a plain datagram"
like "$(fields '.event == "stats"')" \
	"^event:string sent:number received:number .*lost:number" "json: fields of stats"
is "$(jq -r 'select(.nick == "kim" or .nick == "kimberly") | .id' \
	"$scratch/json.out" | sort -u | grep -cE '^[0-9a-f]{16}$')" 1 \
	"json: a member has one id of 16 digits"
is "$(jq -r 'select(.nick == "kim") | .seq | numbers' "$scratch/json.out" |
	tr '\n' ' ')" "1 2 " "json: a member's messages are numbered"
is "$(jq -r 'select(.base64) | .base64' "$scratch/json.out" | base64 -d)" \
	"$(printf '\377 is no UTF-8')" "json: base64 has the bytes themselves"
is "$(jq -r 'select(.event == "plain") | .address, .port, .text' \
	"$scratch/json.out" | tr '\n' ' ')" "10.77.0.3 40123 plain words " \
	"json: a plain datagram has its address"

# ---- text ----

is "$(grep -v '^lee: ' "$scratch/text.out")" "kim: hello
* kim waves
[10.77.0.3:40123] plain words" "text: messages, and nothing else, on stdout"
for line in "kim joined" "lee joined" "json joined" "kimberly left" \
	"kim is now called kimberly" "lee left (timed out)"; do
	succeeds "text: on stderr: $line" \
		grep -qxF "mchat: $line" "$scratch/text.err"
done

done_testing
