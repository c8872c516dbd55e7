#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat lab --packets: under each step what it sent, as far as this system lets
# one capture; where it does not, the experiments run without and say why.

. "${0%/*}/../lib.sh"
requires jq timeout

# lab WORD...: its story is in $scratch/out, what goes wrong in $scratch/err.
lab() {
	timeout 60 "$MCHAT" lab --packets "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
}

# sees REGEX NAME: a packet reads like that, wherever its line is broken.
sees() {
	like "$(sed -e ':join' -e '$!N' -e 's/\n            / /' -e 't join' \
		-e P -e D "$scratch/out" | grep '^    packet:')" "$1" "$2"
}

# objects FILTER: of the packets in JSON.
objects() {
	jq -r "select(.event == \"packet\") | $1" "$scratch/out"
}

# ---- where it is refused ----

denied=$BUILD/tests/peers/denied
"$denied" unshare -- true
if [ $? -ne 77 ]; then
	timeout 60 "$denied" unshare -- "$MCHAT" lab --packets peek lowat \
		>"$scratch/out" 2>"$scratch/err"
	is "$? $(cat "$scratch/err")" "0 " "refused: the experiments run all the same"
	is "$(grep -c '^packets: none can be shown here' "$scratch/out") $(
		grep -c EPERM "$scratch/out") $(
		grep -c '^shown: ' "$scratch/out")" "1 1 2" \
		"refused: that is said once, with the reason"
	is "$(grep -c '^    packet:' "$scratch/out")" 0 "refused: no packet is shown"
	is "$("$denied" unshare -- "$MCHAT" lab --packets -f json peek |
		jq -r 'select(.event == "no_packets") | .error')" EPERM \
		"refused: JSON says so, too"
else
	skip "where it is refused" "there are no filters of system calls here"
fi

# ---- wrong usage ----

"$MCHAT" lab --packets >"$scratch/out" 2>&1
is "$? $(cat "$scratch/out")" \
	"2 mchat: lab --packets: say which experiment; mchat lab lists them" \
	"--packets alone is wrong usage"
"$MCHAT" lab --code --packets ttl >"$scratch/out" 2>&1
is "$? $(cat "$scratch/out")" "2 mchat: lab --code prints a program and runs \
nothing: not with --packets" "--code and --packets exclude each other"

# ---- where it is not ----

lab peek
if grep -q '^packets: none can be shown here' "$scratch/out"; then
	skip "what is sent" "no network namespace can be made here"
	done_testing
fi
is "$status $(cat "$scratch/err")" "0 " "an experiment is shown with its packets"
sees 'lo 127\.0\.0\.1:[0-9]+ -> 127\.0\.0\.1:[0-9]+ SYN seq=0 ' "a connection begins"
sees ' SYN ACK seq=0 ack=1 ' "the server answers"
sees ' mss=[0-9]+ scale=[0-9]+ TTL=64$' "with its options and the TTL"
is "$(grep -n '^2\. ' "$scratch/out" | cut -d : -f 1)" \
	"$(($(grep -n -m 1 ' SYN ACK ' "$scratch/out" | cut -d : -f 1) + 4))" \
	"they stand under the step that sent them"
is "$(awk 'length > 80' "$scratch/out")" "" "no line is longer than 80 columns"

lab maxseg
sees ' SYN seq=0 win=[0-9]+ mss=1000 ' "maxseg: the SYN announces it"
lab oob
sees ' URG ACK seq=3:4 .* urg=1 ' "oob: the urgent byte travels in the stream"
lab linger
sees ' RST ACK ' "linger: a reset"
sees 'more, and then' "of many packets the first and the last ones are shown"
lab join
sees "here's net0 198\.51\.100\.1 -> 224\.0\.0\.22 IGMP v3 report, to exclude 239\.255\.77\.67 TTL=1 MAC=01:00:5e:00:00:16\$" \
	"join: the report, and its Ethernet address"
lab ttl
sees "router's net0 198\.51\.100\.2 -> 198\.51\.100\.1 ICMP time exceeded" \
	"ttl: the router says that it dropped one"
lab rcvbuf
is "$status $(grep -c 'no room' "$scratch/out")" "0 0" \
	"rcvbuf: all of 16 MiB was captured"

lab -f json ttl-multicast
is "$status $(objects 'select(.protocol == "UDP") |
	[.ttl, .destination_port > 0] | tostring' |
	sort -u | tr '\n' ' ')" "0 [0,true] [1,true] [32,true] [9,true] " \
	"JSON: each packet is an object"
lab -f json shutdown
is "$(objects 'select(.flags == "SYN") | .seq' | sort -u)" 0 \
	"JSON: connections begin with 0"

timeout 60 "$MCHAT" lab shutdown | sed -n 's/^    observed: //p' >"$scratch/without"
lab shutdown
is "$(sed -n 's/^    observed: //p' "$scratch/out" | grep -v _us=)" \
	"$(grep -v _us= "$scratch/without")" "packets change nothing of what is observed"
printf '\n\n' | timeout 60 "$MCHAT" lab --packets --step peek >"$scratch/out"
is "$? $(grep -c '^shown: ' "$scratch/out")" "0 1" "with --step as well"
sees ' SYN ACK ' "with --step they are shown, too"

done_testing
