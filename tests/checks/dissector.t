#!/bin/sh
# SPDX-License-Identifier: ISC
#
# tshark, with scripts/mchat.lua, reads each field of the test vectors as they
# mean it, also of two in one burst, finds nothing malformed in them, and
# something in all that is cut.

. "${0%/*}/../lib.sh"
requires tshark text2pcap python3
vectors=$BUILD/tests/peers/vectors
[ -x "$vectors" ] || skip_all "the test vectors are not built"
# Its preferences would go to the home of whoever runs this.
HOME=$scratch
export HOME

# dissect PCAP OPTION...
dissect() {
	pcap=$1
	shift
	tshark -n -X "lua_script:$top/scripts/mchat.lua" -r "$pcap" "$@" \
		2>"$scratch/err"
}

# capture PORT: of hex lines, datagrams to that port.
capture() {
	text2pcap -q -u "40000,$1" - "$scratch/$1.pcap" 2>"$scratch/err" ||
		note "$(cat "$scratch/err")"
}

names=$("$vectors" names)

# Later ones than 4.0 print True and False for 1 and 0.
# shellcheck disable=SC2086,SC2046 # one word each
fields() {
	dissect "$1" -T fields -E 'separator=|' \
		$(printf ' -e %s' $names) |
		sed 's/True/1/g; s/False/0/g'
}

"$vectors" hex >"$scratch/hex"
"$vectors" fields >"$scratch/expected"
capture 62428 <"$scratch/hex"
fields "$scratch/62428.pcap" >"$scratch/got"
number=0
while IFS= read -r expected; do
	number=$((number + 1))
	is "$(sed -n "${number}p" "$scratch/got")" "$expected" "vector $number"
done <"$scratch/expected"
is "$(wc -l <"$scratch/got")" "$number" "and no more packets"

capture 5000 <"$scratch/hex"
is "$(fields "$scratch/5000.pcap")" "$(cat "$scratch/expected")" \
	"the same on another port, by the first bytes"

# All that the dissector has of the engine's packets but the magic byte; errors
# are fields, too.
is "$(tshark -G fields -X "lua_script:$top/scripts/mchat.lua" 2>"$scratch/err" |
	awk -F '\t' '$1 == "F" && $3 ~ /^mchat\./ { print $3 }' |
	grep -vxE 'mchat\.(magic|missing|repaired|ignored|uncut|largest)' |
	grep -vE '^mchat\.(probe|reply|listed|sealed)\.' |
	grep -vE '^mchat\.flags\.(doctor|reports|wants_)' | sort)" \
	"$(echo "$names" | sort)" "every field is tried"

is "$(dissect "$scratch/62428.pcap" -O mchat | grep -iE 'malformed|lua error')" \
	"" "nothing is malformed"

# ---- in words ----

dissect "$scratch/62428.pcap" -O mchat >"$scratch/words"
# says WORDS: in some packet.
says() {
	succeeds "it says: $1" grep -qF -- "$1" "$scratch/words"
}
says "Age, ms since it started: 74565 (00:01:14)"
says "Quiet, ms since it sent something new: 1656 (1.656 s)"
says "Quiet, ms since it sent something new: 16777215 (04:39:37 or longer)"
says "Quiet, ms since known left first: 16 (16 ms)"
says "Age of the origin, ms: 8640529670 (100 d 00:08:49)"
says "Messages up to known: 51"
says "Flags: 0x08, full"
says "Flags: 0x0b, counted, owed, lost"
says "all before 2, gaps: 1, owed from message 1, waits for what is owed"
says "all before 6, owed from message 9223372036854775807"
says "Known was held for, 16 us: 625 (10.000 ms), of report 0"
says "Known was held for, 16 us: 65535 (longer, or not known), of report 1"
says "Item: lacks: 3 of a11ce00000000001"
says "Mean time between STATEs, 100 ms: 25 (2.500 s)"
says "Item: of a later mchat"

# ---- bursts that the kernel had yet to cut ----

# What a later mchat adds to a STATE goes on to the end of the datagram.
column=$(echo "$names" | grep -nx mchat.extension | cut -d : -f 1)
awk -F '|' -v column="$column" '
	NR == FNR { is_later[NR] = $column != ""; next }
	!is_later[FNR]' "$scratch/expected" "$scratch/hex" |
	sed 's/^000000\(.*\)/&\1/' | capture 62428
awk -F '|' -v OFS='|' -v column="$column" '$column == "" {
	for (i = 1; i <= NF; i++)
		if ($i != "")
			$i = $i "," $i
	print
}' "$scratch/expected" >"$scratch/doubled"
# Of a text that is empty only the comma shows.
is "$(fields "$scratch/62428.pcap" | sed 's/|,|/||/g')" \
	"$(cat "$scratch/doubled")" \
	"two packets in one datagram are shown both"
is "$(dissect "$scratch/62428.pcap" -Y 'mchat.uncut && !mchat.malformed' |
	wc -l)" "$(wc -l <"$scratch/doubled")" "and it is said what they are"

# ---- spoiled ----

# malformed: the packets of a pcap that the dissector calls so, by number.
malformed() {
	dissect "$1" -Y mchat.malformed -T fields -e frame.number
}

{
	"$vectors" spoiled
	"$vectors" twins
} >"$scratch/spoiled"
cut -d ' ' -f 2- "$scratch/spoiled" | capture 62428
is "$(malformed "$scratch/62428.pcap")" \
	"$(awk '$1 == "malformed" { print NR }' "$scratch/spoiled")" \
	"it finds malformed what mchat does, cut or changed"
"$vectors" twins | cut -d ' ' -f 2- | capture 62428
is "$(dissect "$scratch/62428.pcap" -O mchat |
	grep -c '\[Each report is of another origin')" \
	"$("$vectors" twins | grep -c '^malformed')" \
	"and says where two reports are of one origin"
cut -d ' ' -f 2- "$scratch/spoiled" | capture 62428
is "$(dissect "$scratch/62428.pcap" -Y 'not mchat' -T fields -e frame.number)" \
	"$(awk '$1 == "plain" { print NR }' "$scratch/spoiled")" \
	"and takes for plain text what mchat does"
is "$(dissect "$scratch/62428.pcap" -V | grep -ic 'lua error')" 0 \
	"with no error of its own"

# ---- items that are passed over ----

"$vectors" hex | grep ' 01 04 02 71 ff ff 03 05 00 ' |
	sed 's/ 7f 01 2a/ 05 02 23 0c/' | capture 62428
is "$(dissect "$scratch/62428.pcap" -T fields -e mchat.largest)" 8972 \
	"how large packets a member takes"

# Each with one item that is not what it should be: of another size, of a report
# that is not there; and the last with one that is not whole.
"$vectors" hex | grep ' 01 04 02 71 ff ff 03 05 00 ' >"$scratch/items"
{
	sed 's/ 7f 01 2a//' "$scratch/items"
	sed 's/ 7f 01 2a//; s/ 01 04 02 71 ff ff / 01 02 02 71 /' \
		"$scratch/items"
	sed 's/ 7f 01 2a//; s/ 03 05 00 / 03 05 02 /' "$scratch/items"
	sed 's/ 7f 01 2a//; s/ 03 05 00 02 01 01 00 / 03 04 00 02 01 01 /' \
		"$scratch/items"
	sed 's/ 7f 01 2a//; s/ 04 02 00 19 / 04 01 00 /' "$scratch/items"
	sed 's/ 7f 01 2a//; s/ 02 10 ca/ 02 0f/' "$scratch/items"
	sed 's/ 7f 01 2a/ 7f 02 2a/' "$scratch/items"
} | capture 62428
is "$(dissect "$scratch/62428.pcap" -Y mchat.ignored -T fields \
	-e frame.number | tr '\n' ' ')" "2 3 4 5 6 " \
	"an item that mchat passes over is marked"
is "$(dissect "$scratch/62428.pcap" -T fields -E 'separator=|' \
	-e mchat.extension -e mchat.malformed | tail -n 1)" "7f022a|" \
	"one that is not whole is of a later mchat"

# ---- the example of the manual ----

# Packets, each between .Bd and .Ed.
sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/{/^[0-9a-f][0-9a-f] /p; s/^\.Ed$//p}' \
	"$top/src/man/mchat-protocol.7" | awk -v RS= '/^f9/ { print $0 "\n" }' |
	tr -s ' \n' ' ' | sed 's/ f9 1/\nf9 1/g' | sed 's/^/000000 /; s/ *$//' |
	{ cat; echo; } | capture 62428
is "$(dissect "$scratch/62428.pcap" -T fields -E 'separator=|' \
	-e mchat.member -e mchat.sequence -e mchat.message -e mchat.age \
	-e mchat.quiet -e mchat.line -e mchat.malformed)" \
	"0xa11ce00000000001|7|9|74565|1656|hello|
0xb0b0000000000002|1|1|1024|16777215|hello|
0xb0b0000000000002|2|2|2024|1000|hi|
0xb0b0000000000002||||||" \
	"the examples of mchat-protocol(7) are what is said of them"
is "$(dissect "$scratch/62428.pcap" -T fields -E 'separator=|' \
	-e mchat.code.index -e mchat.code.first -e mchat.code.last \
	-Y mchat.code.last)" "2|1|2" "and so is the combination"

# ---- neither ----

printf '000000 68 65 6c 6c 6f 0a\n' | capture 62428
is "$(dissect "$scratch/62428.pcap" -T fields -e frame.protocols)" \
	"eth:ethertype:ip:udp:data" "plain text on the port is no mchat"

# ---- the doctor's packets, and those of peers ----

# zeros N: so many bytes, in hex digits.
zeros() {
	printf '%0*d' $(($1 * 2)) 0
}
# other TYPE FLAGS REST: a packet of member 7, as text2pcap reads it.
other() {
	printf '%s' "f91$1$2" "$(zeros 5)" 0000000000000007 "$3" |
		sed 's/../ &/g; s/^/000000/; s/$/\n/'
}
address=$(zeros 10)ffffef4d434d
member=0000000000000009$(zeros 10)ffff0a4d0002000003e8
{
	other 4 03 "02010005000000ab$address$(zeros 88)"
	other 5 01 "000000000000000b0005008000000003" | tr -d '\n'
	printf ' %s' 04 01 00 00 00 00 00 ad 00 00 00 3c \
		"$(zeros 16 | sed 's/../ &/g; s/^ //')"
	echo "$member" | sed 's/../ &/g'
	other 6 01 0000000000000011
} | capture 62428
# shown FIELD...: of each packet, between '|'.
shown() {
	# shellcheck disable=SC2046 # one word each
	dissect "$scratch/62428.pcap" -T fields -E 'separator=|' \
		$(printf ' -e mchat.%s' "$@") | sed 's/True/1/g; s/False/0/g'
}
is "$(shown type member flags.wants_reply flags.wants_members flags.doctor \
	flags.reports)" "4|0x0000000000000007|1|1||
5|0x0000000000000007|||1|
6|0x0000000000000007||||1" "PROBE, PROBE REPLY, CHALLENGE: flags"
is "$(shown probe.way probe.hop_limit probe.number probe.interface \
	probe.group)" "2|1|5|171|::ffff:239.77.67.77
||5|3|
||||" "PROBE: way, hop limit, number, interface, group"
is "$(shown reply.asker reply.size reply.hop_limit reply.members reply.host \
	reply.joined)" "|||||
0x000000000000000b|128|4|1|0x000000ad|60
|||||" "PROBE REPLY: asker, size, hop limit, members, host, since when"
is "$(shown listed.member listed.address listed.age)" "||
0x0000000000000009|::ffff:10.77.0.2|1000
||" "and whom the replier hears"
is "$(dissect "$scratch/62428.pcap" -Y mchat.malformed)" "" \
	"nothing of it is malformed"

# ---- numbers of a STATE at their bounds ----

# state COUNTER GAPS BYTES: a STATE with a report of so many gaps, which follow,
# next being 5 and known 2^63 - 1.
state() {
	other a 00 "${1}0100000000010100000000000000000900$2`
		`05ffffffffffffffff7f000100${3-}"
}
{
	state 01 01 8fffffff7f8fffffff7f
	state 81ffffffffffffffff7f 02 000101ff7f
	state 01 01 908080800001
	state 01 01 019080808000
	# 2^64 - 4, which makes the last packet that is missing number 1.
	state 01 01 0181ffffffffffffffff7c
	state 01 02 00018fffffff7f01
	state 01 02 00010001
	state 8001 00
	state 82808080808080808000 00
} | capture 62428
is "$(malformed "$scratch/62428.pcap" | tr '\n' ' ')" "3 4 5 6 7 8 9 " \
	"longer numbers, and gaps out of bounds, are malformed"

# ---- sealed packets ----

# Each datagram a line of hex, as text2pcap reads it.
as_dump() {
	sed 's/../ &/g; s/^/000000/'
}
# sealed TIME NUMBER BYTES: a packet of session 5, with so many bytes of content.
sealed() {
	printf 'f921d53e%08x%016x%s%010x%s%s\n' "$1" 5 a1b2c3 "$2" \
		"$(zeros "$3")" "$(zeros 16)"
}
sealed_fields="sealed.kind sealed.tag sealed.session sealed.guard `
	`sealed.number sealed.size"
# What a burst is made of: all of one size, but for the last.
{
	python3 -B "$top/tests/peers/private_vectors.py" examples |
		sed -n 's/^sealed //p'
	sealed 1 7 1432
	{
		sealed 1 $((0xffffffff)) 96
		sealed 2 $((0x100000000)) 96
		sealed 2 $((0x100000001)) 32
	} | tr -d '\n'
	echo
	# Neither of another session nor with another number than the next.
	{
		sealed 1 1 64
		sealed 1 3 64
	} | tr -d '\n'
	echo
} >"$scratch/sealed"
as_dump <"$scratch/sealed" | capture 62428
# shellcheck disable=SC2086 # one word each
is "$(shown $sealed_fields | head -n 5)" "1|0xd53e|0x5e55000000000001|0xa1b2c3|1|64
1|0xd53e|0x5e55000000000001|0xa1b2c3|1|64
2|0xd53e|0x5e55000000000001|0xa1b2c3|2|32
1|0xd53e|0x0000000000000005|0xa1b2c3|7|1432
1,1,1|0xd53e,0xd53e,0xd53e|0x0000000000000005,0x0000000000000005,0x00000000000`
	`00005|0xa1b2c3,0xa1b2c3,0xa1b2c3|4294967295,4294967296,4294967297|96,96,32" \
	"sealed packets: kind, tag, session, guard, number, size; a burst is split"
is "$(shown sealed.number | tail -n 1)" 1 "but only where the next number is"
like "$(dissect "$scratch/62428.pcap" -O mchat)" \
	"Sealer's clock: Nov 27, 2025 07:38:40.* UTC" "the sealer's clock is a date"
is "$(dissect "$scratch/62428.pcap" -Y mchat.uncut -T fields -e frame.number)" \
	5 "the burst is said to be one"
is "$(dissect "$scratch/62428.pcap" -T fields -e _ws.col.Info | sed -n 3p)" \
	"sealed NAMES, session 0x5e55000000000001, number 2, 32 bytes" \
	"in short"
is "$(malformed "$scratch/62428.pcap")" "" "nothing of it is malformed"
as_dump <"$scratch/sealed" | capture 5000
is "$(dissect "$scratch/5000.pcap" -Y mchat.sealed.number | wc -l)" 6 \
	"the same on another port"

# What mchat ignores before it looks for a key; and all that is cut short.
{
	sed -n 3p "$scratch/sealed" | sed 's/^f922/f920/; p; s/^f920/f926/'
	sealed 1 0 32
	sealed 1 1 32 | sed 's/0000000000000005/0000000000000000/'
	sealed 1 1 8933
	line=$(sed -n 3p "$scratch/sealed")
	for size in 2 3 4 7 8 16 23 24 25 40 71; do
		printf '%.*s\n' $((2 * size)) "$line"
	done
} | as_dump | capture 62428
is "$(malformed "$scratch/62428.pcap" | wc -l)" 16 \
	"other kinds, number 0, session 0 and other sizes are malformed"
is "$(dissect "$scratch/62428.pcap" -V | grep -ic 'lua error')" 0 \
	"with no error of its own"

done_testing
