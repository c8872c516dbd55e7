#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Probes of mchat doctor cost a member little, whoever sends them and however
# many: so many replies a second, never more bytes than came, none by --raw;
# what is no probe is nothing; and the socket that hears them leaves to programs
# on the port over IPv4 what is theirs.
#
#   whoever (host 1)     bob (host 2)     raw (host 3)
#         |                  |                 |
#   ------+--------------- br0 ---------------+------

. "${0%/*}/../lib.sh"
requires jq nft socat
on_lan 3

# bytes HEX...
bytes() {
	for pair in $(printf '%s' "$*" | tr -d ' ' | sed 's/../& /g'); do
		# shellcheck disable=SC2059 # it is made of digits
		printf "\\$(printf %03o "0x$pair")"
	done
}

# probe NUMBER: the 128 bytes of one to 239.255.77.67, by unicast.
probe() {
	bytes F914 0100 00000000 00000000000000AA 0301 \
		"$(printf %04x "$1")" 00000000 00000000000000000000FFFF EFFF4D43
	head -c 88 /dev/zero
}

# Whatever comes from a member on a wire of the asker, group or not, in frames
# of the size of a reply: 64 bytes and the UDP header.
on 1 nft -f - <<END || skip_all "nft does not work"
table netdev t {
	counter of2 { }
	counter of3 { }
	chain i { type filter hook ingress device eth0 priority 0
		ip saddr 10.77.0.2 udp length 72 counter name of2
		ip saddr 10.77.0.3 udp length 72 counter name of3; }; }
END

# replies HOST: those that came so far.
replies() {
	on 1 nft -j list counter netdev t "of$1" |
		jq -r '.nftables[] | .counter | select(. != null) | .packets'
}

# came HOST COUNT: at least as many.
came() {
	[ "$(replies "$1")" -ge "$2" ]
}

start bob on 2 "$MCHAT" -R -v -n bob
start raw on 3 "$MCHAT" --raw -R -v -f json
is_in bob
is_in raw

# ---- one ----

probe 1 >"$scratch/probe"
is "$(wc -c <"$scratch/probe")" 128 "a probe has 128 bytes"
on 1 socat -u "OPEN:$scratch/probe" UDP4-SENDTO:10.77.0.2:62428
succeeds "a probe by unicast gets two replies" wait_for 5 came 2 2
is "$(replies 2)" 2 "128 bytes for 128"

# The reply comes from the port that was asked, as firewalls want it.
on 1 socat -T 2 - UDP4:10.77.0.2:62428 <"$scratch/probe" >"$scratch/reply"
is "$(head -c 2 "$scratch/reply" | od -An -tx1 | tr -d ' ')" f915 \
	"what was sent to a host is answered from there"

# ---- what is no probe ----

before=$(replies 2)
head -c 127 "$scratch/probe" >"$scratch/short"
{ bytes F914 0000; tail -c +5 "$scratch/probe"; } >"$scratch/unwanted"
{ bytes F924; tail -c +3 "$scratch/probe"; } >"$scratch/version"
{ bytes F914 0100 00000000 0000000000000000; tail -c +17 "$scratch/probe"; } \
	>"$scratch/nobody"
{ head -c 36 "$scratch/probe"; bytes EFFF4D44; tail -c +41 "$scratch/probe"; } \
	>"$scratch/elsewhere"
{ bytes F915; tail -c +3 "$scratch/probe"; } >"$scratch/reply"
head -c 1400 /dev/urandom >"$scratch/noise"
for what in short unwanted version nobody elsewhere reply noise; do
	on 1 socat -u "OPEN:$scratch/$what" UDP4-SENDTO:10.77.0.2:62428
	on 1 socat -u "OPEN:$scratch/$what" \
		UDP4-DATAGRAM:239.255.77.67:62428,ip-multicast-if=10.77.0.1
done
on 1 socat -u "OPEN:$scratch/probe" UDP4-SENDTO:10.77.0.2:62428
succeeds "bob goes on replying" wait_for 5 came 2 $((before + 2))
is "$(replies 2)" $((before + 2)) "and to what is a probe only"
is "$(grep -c -i "probe\|noise" "$scratch/bob.out")" 0 "nothing of it is shown"

# ---- a flood ----

number=0
while [ $number -lt 500 ]; do
	cat "$scratch/probe"
	number=$((number + 1))
done >"$scratch/flood"
before=$(replies 2)
begun=$(date +%s)
on 1 socat -u -b 128 "OPEN:$scratch/flood" UDP4-SENDTO:10.77.0.3:62428
on 1 socat -u -b 128 "OPEN:$scratch/flood" UDP4-SENDTO:10.77.0.2:62428
succeeds "a flood gets replies" wait_for 5 came 2 $((before + 20))
# Whoever asks now is behind the flood.
on 1 "$MCHAT" doctor -f json >"$scratch/report"
seconds=$(($(date +%s) - begun + 2))
limit=$((2 * 20 * seconds))
came=$(($(replies 2) - before))
note "$came replies within $seconds s"
succeeds "$limit at most" [ "$came" -le $limit ]
is "$(replies 3)" 0 "a raw chat does not reply at all"
is "$(jq -r 'select(.event == "verdict") | .others' "$scratch/report")" 1 \
	"bob still replies to a doctor"

# ---- other programs on the port ----

# hears WHEN: a program that bound the port gets what is sent to the host.
hears() {
	echo "to the host" >"$scratch/text"
	on 1 socat -u "OPEN:$scratch/text" UDP4-SENDTO:10.77.0.2:62428
	succeeds "$1: it gets what is sent to the host" \
		wait_for 5 grep -q "to the host" "$scratch/program.out"
	: >"$scratch/program.out"
}
has_port() {
	on 2 grep -q "^ *[0-9]*: 00000000:F3DC" /proc/net/udp
}

start program on 2 socat -u UDP4-RECV:62428,reuseaddr -
prepared has_port
hears "a program that came after the chat"
stop bob
start bob on 2 "$MCHAT" -R -v -n bob
is_in bob
hears "a program that was there before"
stop program

done_testing
