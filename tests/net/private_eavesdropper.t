#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Who captures all that is sent to a private group finds no line, nick or room
# in it, nor anything that could be made smaller; no nonce is used twice.  Who
# has the key, and another implementation, reads all of it.
#
#   annabella (host 1)   barnaby (host 2)   dumpcap (host 3)
#       |                    |                  |
#   ----+--------------------+------ br0 -------+---

. "${0%/*}/../lib.sh"
requires dumpcap tshark python3
on_lan 3

# Its preferences would go to the home of whoever runs this.
HOME=$scratch
export HOME
key=$scratch/class.key
"$MCHAT" key new "$key" >/dev/null
room=ballroom
text="the quick brown fox"

# Each datagram as it travels: what the kernel has yet to cut is one of many.
on 1 ip link set eth0 gso_max_segs 1
on 2 ip link set eth0 gso_max_segs 1

# overheard NAME [OPTION]...: 10,000 lines from annabella to barnaby, captured in
# NAME.pcap.
overheard() {
	name=$1
	shift
	start dumpcap on 3 dumpcap -q -i eth0 -B 64 -f udp \
		-w "$scratch/$name.pcap"
	prepared grep -q '^File:' "$scratch/dumpcap.err"
	start barnaby on 2 "$MCHAT" "$@" -R -f bare -n barnaby -r $room \
		-c 10000
	seq -f "$text %g" 10000 | on 1 "$MCHAT" "$@" -S -q -n annabella \
		-r $room -w 1
	is $? 0 "$name: annabella's lines are confirmed"
	finish barnaby
	is $? 0 "$name: barnaby has them"
	is "$(cksum <"$scratch/barnaby.out")" \
		"$(seq -f "$text %g" 10000 | cksum)" "$name: each once, in order"
	stop dumpcap
}

# finds NAME WORD: the capture has it somewhere, in any case.
finds() {
	LC_ALL=C grep -aqi -- "$2" "$scratch/$1.pcap"
}

overheard plain
for word in "$text 5000" annabella barnaby; do
	succeeds "without a key \"$word\" can be read" finds plain "$word"
done

overheard private -k "$key"
# A word of three letters is found in noise, now and then.
for word in "$text" "quick brown" annabella barnaby $room; do
	fails "\"$word\" cannot be read" finds private "$word"
done

# What is sealed, a line of hex each.
tshark -n -r "$scratch/private.pcap" -T fields -e udp.payload \
	2>"$scratch/err" | sort -u >"$scratch/sealed"
count=$(wc -l <"$scratch/sealed")
note "$count different datagrams"
succeeds "the capture has much of it" [ "$count" -gt 150 ]
is "$(grep -vc '^f92[1-5]' "$scratch/sealed")" 0 "every datagram is sealed"
is "$(cut -c -48 "$scratch/sealed" | uniq -d)" "" \
	"no two that differ have one nonce"
is "$(cut -c 5-8 "$scratch/sealed" | sort -u | wc -l)" 1 "they are of one group"
cut -c 49- "$scratch/sealed" | python3 -c '
import sys, zlib
sealed = bytes.fromhex(sys.stdin.read())
sys.exit(len(zlib.compress(sealed, 9)) < len(sealed))'
is $? 0 "what is sealed looks random: it cannot be compressed"
is "$(awk '{ content = length($0) / 2 - 40
	if (content % 32 && length($0) / 2 != 1472) print content }' \
	"$scratch/sealed")" "" "sizes tell multiples of 32"

# ---- other ways ----

# nothing_open NAME: in the capture NAME.pcap every datagram is sealed.
nothing_open() {
	tshark -n -r "$scratch/$1.pcap" -Y udp -T fields -e udp.payload \
		2>"$scratch/err" >"$scratch/payloads"
	note "$1: $(wc -l <"$scratch/payloads") datagrams"
	succeeds "$1: something is sent" test -s "$scratch/payloads"
	is "$(grep -vc '^f92[1-5]' "$scratch/payloads")" 0 \
		"$1: every datagram is sealed"
}
# both_ways NAME ANNABELLA BARNABY: with these options each hears the other.
both_ways() {
	start dumpcap on 3 dumpcap -q -i eth0 -B 64 -f udp \
		-w "$scratch/$1.pcap"
	prepared grep -q '^File:' "$scratch/dumpcap.err"
	# shellcheck disable=SC2086 # words
	start_open annabella on 1 "$MCHAT" -k "$key" -f bare -n annabella $2
	# shellcheck disable=SC2086
	start_open barnaby on 2 "$MCHAT" -k "$key" -f bare -n barnaby $3
	prepared knows annabella barnaby
	prepared knows barnaby annabella
	say annabella "from annabella"
	say barnaby "from barnaby"
	succeeds "$1: they hear one another" wait_for 10 shows barnaby \
		"from annabella"
	succeeds "$1: both" wait_for 10 shows annabella "from barnaby"
	what=$1
	leave annabella barnaby
	stop dumpcap
	nothing_open "$1"
}

# A bridge shows a third host all that it does not know the way for.
ip link set br0 type bridge ageing_time 0
both_ways faults "--drop 20 --duplicate 20" "--drop 20 --reorder 20"
both_ways sources "-s 10.77.0.2" "-s 10.77.0.2"
both_ways peers "--peer 10.77.0.2" "--peer 10.77.0.1"
[ ! -e /proc/net/if_inet6 ] || both_ways ipv6 -6 -6

# ---- who has the key ----

# In Python alone: a few of them.
{ head -n 30 "$scratch/sealed"; tail -n 30 "$scratch/sealed"; } |
	python3 -B "$top/tests/peers/private_vectors.py" open "$key" $room \
	>"$scratch/opened"
is "$(grep -c -e foreign -e forged -e malformed "$scratch/opened")" 0 \
	"another implementation opens them"
is "$(awk '{ print $1 }' "$scratch/opened" | sort -u)" 1 \
	"they are packets; where clocks agree nothing is named"
# The hash of "ballroom" by FNV-1a begins so; see mchat-protocol(7).
tag=$(python3 -c '
h = 0xcbf29ce484222325
for byte in b"ballroom":
    h = (h ^ byte) * 0x100000001b3 % (1 << 64)
print("%08x" % (h >> 32))')
is "$(awk '{ print substr($5, 1, 3), substr($5, 9, 8) }' "$scratch/opened" |
	sort -u)" "f91 $tag" "each as without a key, with the tag of the room"
succeeds "and reads what was said" grep -q \
	"$(printf '%s' "$text" | od -An -tx1 | tr -d ' \n')" "$scratch/opened"
now=$(date +%s)
is "$(awk -v now="$now" '$2 < now - 600 || $2 > now' "$scratch/opened")" "" \
	"the sealer's clock is in it"
head -n 5 "$scratch/sealed" |
	python3 -B "$top/tests/peers/private_vectors.py" open "$key" |
	sort -u >"$scratch/opened"
is "$(cat "$scratch/opened")" foreign "the room has a key of its own"

done_testing
