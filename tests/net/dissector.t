#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What mchat really sends, on a bad network, is what scripts/mchat.lua shows:
# nothing malformed, every kind of packet, and the text of the lines; also where
# it was captured before the kernel cut a burst into datagrams.
#
#   lines | alice (host 1)   bob: mchat --drop 20 (host 2), and dumpcap
#                |             |
#            ----+---- br0 ----+----
#                              |
#                             carol (host 3), where combinations are to be seen

. "${0%/*}/../lib.sh"
requires dumpcap tshark
on_lan 3

# Its preferences would go to the home of whoever runs this.
HOME=$scratch
export HOME
capture=$scratch/capture.pcap

# First every packet in a datagram of its own: the kernel is to cut the bursts.
on 1 ip link set eth0 gso_max_segs 1
start dumpcap on 2 dumpcap -q -i eth0 -B 16 -f "udp port 62428" -w "$capture"
prepared grep -q '^File:' "$scratch/dumpcap.err"
start bob on 2 "$MCHAT" -R -f bare -n bob --drop 20 -c 2002
{
	seq -f "line %g" 2000
	printf '%04000d\n' 0
	echo "the last one"
} | on 1 "$MCHAT" -S -q -n alice -w 1
is $? 0 "alice's exit status"
finish bob
is $? 0 "bob's exit status"

# fields FILTER FIELD...: of the packets that the filter takes.
fields() {
	filter=$1
	shift
	# shellcheck disable=SC2046 # one word each
	tshark -n -X "lua_script:$top/scripts/mchat.lua" -r "$capture" \
		-Y "$filter" -T fields $(printf ' -e %s' "$@") \
		2>"$scratch/tshark"
}
# counts FILTER
counts() {
	fields "$1" frame.number | wc -l
}
complete() {
	[ "$(counts 'mchat.flags.bye == 1')" -ge 6 ]
}
prepared complete
stop dumpcap

note "$(counts mchat) packets"
is "$(counts 'udp && !mchat')" 0 "each datagram is mchat's"
is "$(counts 'mchat.malformed || _ws.malformed')" 0 "nothing is malformed"
is "$(counts 'mchat.extension || mchat.record.unknown')" 0 \
	"no extension or record is unknown"
for flag in repair hello bye answer; do
	succeeds "there are packets with the flag $flag" \
		[ "$(counts "mchat.flags.$flag == 1")" -gt 0 ]
done
is "$(fields 'mchat.line && mchat.flags.repair == 0' mchat.line | tr ',' '\n' |
	grep '^line ' | cksum)" "$(seq -f "line %g" 2000 | cksum)" \
	"every line is shown, in order"
succeeds "a long line is shown in pieces" [ "$(counts mchat.part.text)" -gt 2 ]
succeeds "reports of gaps are shown" [ "$(counts mchat.gap.first)" -gt 0 ]
is "$(fields 'mchat.nick' mchat.nick | tr ',' '\n' | sort -u | tr '\n' ' ')" \
	"alice bob " "both nicks are shown"
is "$(fields mchat mchat.hop_limit ip.ttl | awk 'NF == 2 && $1 != $2' |
	wc -l)" 0 "the hop limit that a STATE tells is that of its packet"

# ---- when it was said ----

is "$(counts 'mchat.report.known > 0 && mchat.report.flags.counted == 0')" 0 \
	"each report of packets also counts the messages that end in them"
fields 'mchat.sequence' mchat.sequence mchat.age mchat.quiet |
	sort -nu >"$scratch/stamps"
is "$(cut -f 1 "$scratch/stamps" | uniq -d)" "" \
	"a packet that is sent again says when it left first"
# Whole milliseconds, of which the author keeps count.
is "$(awk 'NR > 1 && ($1 != number + 1 || $2 - age != $3)
	{ number = $1; age = $2 }' "$scratch/stamps")" "" \
	"each packet says how long after the one before it left"
succeeds "the last packet left later than the first" \
	[ "$(tail -n 1 "$scratch/stamps" | cut -f 2)" -gt \
		"$(head -n 1 "$scratch/stamps" | cut -f 2)" ]

# ---- bursts that the kernel has not cut ----

on 1 ip link set eth0 gso_max_segs 65535
capture=$scratch/bursts.pcap
start dumpcap on 1 dumpcap -q -i eth0 -B 16 -f "udp port 62428" -w "$capture"
prepared grep -q '^File:' "$scratch/dumpcap.err"
# Two that lose each something else get combinations of each block.
start bob on 2 "$MCHAT" -R -f bare -n bob --drop 20 -c 20000
start carol on 3 "$MCHAT" -R -f bare -n carol --drop 20 -c 20000
numbered 20000 | on 1 "$MCHAT" -S -q -n alice -w 2
is $? 0 "alice's exit status, of a bulk transfer"
finish bob
is $? 0 "bob's exit status, of a bulk transfer"
finish carol
is $? 0 "carol's exit status, of a bulk transfer"
prepared complete
stop dumpcap
note "$(counts mchat) datagrams, $(counts mchat.uncut) of them bursts"
! has_linux "UDP_SEGMENT" || succeeds "some datagrams hold a whole burst" [ "$(counts mchat.uncut)" -gt 10 ]
is "$(counts 'mchat.malformed || _ws.malformed || !mchat ||
	mchat.extension || mchat.record.unknown')" 0 "bursts: every datagram is understood"
note "$(fields mchat.code.last mchat.code.last | tr ',' '\n' | wc -l) combinations"
succeeds "combinations are shown, of a block each" \
	[ "$(counts 'mchat.code.first % 64 == 1')" -gt 0 ]
is "$(counts 'mchat.code.index > 127')" 0 "all of them are alice's"
succeeds "what is lacked of blocks is shown" \
	[ "$(counts 'mchat.lack.packets > 0')" -gt 0 ]
succeeds "for how long packets were held is shown" [ "$(counts mchat.held)" -gt 0 ]
is "$(counts mchat.ignored)" 0 "and nothing that would be passed over"
# Some may have been sent again.
is "$(fields mchat.line mchat.line | tr ',' '\n' | grep '^line ' |
	sort -u | cksum)" "$(numbered 20000 | cksum)" \
	"bursts: every line is shown"

# ---- sealed packets, and bursts of them ----

"$MCHAT" key new "$scratch/key" >/dev/null
capture=$scratch/sealed.pcap
start dumpcap on 1 dumpcap -q -i eth0 -B 16 -f "udp port 62428" -w "$capture"
prepared grep -q '^File:' "$scratch/dumpcap.err"
start bob on 2 "$MCHAT" -k "$scratch/key" -R -f bare -n bob -c 20000
numbered 20000 | on 1 "$MCHAT" -k "$scratch/key" -S -q -n alice -w 1
is $? 0 "alice's exit status, sealed"
finish bob
is $? 0 "bob's exit status, sealed"
# Hers are the sessions of most packets; each number is to be there once.
numbers() {
	fields mchat.sealed.number mchat.sealed.session mchat.sealed.number |
		awk '{
			count = split($1, sessions, ",")
			split($2, numbers, ",")
			for (i = 1; i <= count; i++)
				print sessions[i], numbers[i]
		}' >"$scratch/numbers"
	session=$(cut -d ' ' -f 1 "$scratch/numbers" | sort | uniq -c |
		sort -rn | awk 'NR == 1 { print $2 }')
	awk -v session="$session" '$1 == session { print $2 }' \
		"$scratch/numbers" | sort -n >"$scratch/hers"
}
has_two_sessions() {
	numbers
	[ "$(cut -d ' ' -f 1 "$scratch/numbers" | sort -u | wc -l)" -eq 2 ] &&
		[ "$(wc -l <"$scratch/hers")" -gt 500 ]
}
prepared has_two_sessions
stop dumpcap
numbers
note "$(counts mchat) datagrams, $(counts mchat.uncut) of them bursts; alice \
sealed $(wc -l <"$scratch/hers") packets"
! has_linux "UDP_SEGMENT" || succeeds "sealed: some datagrams hold a whole burst" \
	[ "$(counts mchat.uncut)" -gt 10 ]
is "$(counts 'mchat.malformed || _ws.malformed || !mchat.sealed.number')" 0 \
	"sealed: every datagram is understood"
is "$(cat "$scratch/hers")" "$(seq "$(wc -l <"$scratch/hers")")" \
	"sealed: each packet of alice is shown, once"
is "$(fields mchat.sealed.kind mchat.sealed.kind | tr ',' '\n' | sort -u)" 1 \
	"sealed: all are packets, as the clocks agree"

# ---- what peers say of their exchange ----

capture=$scratch/peers.pcap
start dumpcap on 2 dumpcap -q -i eth0 -B 16 -f "udp port 62428" -w "$capture"
prepared grep -q '^File:' "$scratch/dumpcap.err"
start outer on 1 "$MCHAT" -R -v -n outer --peer any
start inner on 2 "$MCHAT" -R -v -n inner --peer 10.77.0.1
prepared grep -q 'peer 10.77.0.2:62428 is heard' "$scratch/outer.err"
answered() {
	[ "$(counts 'mchat.type == 7')" -ge 1 ]
}
succeeds "an ANSWER is shown" wait_for 10 answered
stop dumpcap
stop outer
stop inner
succeeds "and a CHALLENGE" test "$(counts 'mchat.type == 6')" -ge 1
is "$(counts 'mchat.malformed || _ws.malformed')" 0 "nothing of it is malformed"

done_testing
