#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat sockopt: the table; one option in depth; setting options; as text and as
# JSON; what the kernel refuses; wrong usage.

. "${0%/*}/../lib.sh"
requires jq

# run WORD...: stdout in $scratch/out, stderr in $scratch/err, $status.
run() {
	"$MCHAT" sockopt "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
}

# objects FILTER: what jq makes of the output.
objects() {
	jq -r "$1" "$scratch/out" 2>&1
}

said() {
	cat "$scratch/err"
}

# ---- the table ----

run
is $status 0 "the table is shown"
is "$(head -n 1 "$scratch/out" | tr -s ' ')" \
	"LEVEL NAME NO TYPE UDP TCP ACCESS WHAT IT DOES" "the table has a head"
like "$(tr -s ' ' <"$scratch/out")" '^IPPROTO_IP IP_TTL 2 int 64 64 both ' \
	"the table has a line for IP_TTL"
is "$(cut -d' ' -f1 "$scratch/out" | sort -u | tr '\n' ' ')" \
	"IPPROTO_IP IPPROTO_IPV6 IPPROTO_TCP IPPROTO_UDP LEVEL SOL_SOCKET " \
	"the table has all levels"
lines=$(wc -l <"$scratch/out")
run -f json
is $status 0 "the table is shown as JSON"
is "$(objects . >/dev/null && wc -l <"$scratch/out")" $((lines - 1)) \
	"JSON: one object a line, as many as options"
is "$(objects 'select(.name == "SO_REUSEADDR") |
	"\(.level) \(.level_number) \(.number) \(.type) \(.udp) \(.tcp)"')" \
	"SOL_SOCKET 1 2 bool 0 0" "JSON: an option has level, number, type and defaults"
is "$(objects 'select((.get or .set | not) or (.summary | length) == 0) |
	.name')" "" "JSON: each option can be read or set, and has a summary"
is "$(objects 'select(.get and .level != "IPPROTO_IPV6") |
	select(.udp == null and .tcp == null and .udp_error == null and
	.tcp_error == null) | .name')" "" "JSON: what can be read was read, or has an error"
is "$(objects .name | sort | uniq -d)" "" "JSON: no name is there twice"
run --tcp -f json
is "$(objects 'select(.udp != null) | .name')" "" "--tcp asks no UDP socket"
run -6 -f json IPV6_V6ONLY SO_DOMAIN
is "$(objects .udp | tail -n 1)" 10 "-6 asks IPv6 sockets"

# ---- the chapter's ----

run --chapter
is $status 0 "--chapter lists options"
is "$(awk 'NR > 1 { print $2 }' "$scratch/out" | grep -cx -e SO_LINGER \
	-e SO_SNDLOWAT -e IP_TTL -e IP_ADD_MEMBERSHIP -e TCP_MAXSEG)" 5 \
	"--chapter: those that textbooks have"
is "$(grep -c -e SO_COOKIE -e TCP_INFO -e IPPROTO_IPV6 "$scratch/out")" 0 \
	"--chapter: and no others"
run --chapter -f json
is "$(objects .name | wc -l)" "$("$MCHAT" sockopt --chapter | sed 1d | wc -l)" \
	"--chapter: the same as JSON"

# ---- on a terminal ----

# at COLUMNS WORD...: prints what is shown on a terminal of so many.
at() {
	script -qec "stty cols $1; \"$MCHAT\" sockopt ${2-}" /dev/null </dev/null |
		tr -d '\r'
}

if command -v script >/dev/null && command -v stty >/dev/null; then
	for columns in 40 80 120; do
		for words in "" "SO_RCVBUF SO_LINGER" \
			IP_ADD_MEMBERSHIP=239.1.2.3,lo; do
			at $columns "$words" >"$scratch/shown"
			succeeds "at $columns columns there is something: $words" \
				[ "$(wc -l <"$scratch/shown")" -gt 3 ]
			is "$(awk "length > $columns" "$scratch/shown")" "" \
				"at $columns columns it fits: $words"
		done
	done
	is "$(at 80 | grep -c '^[A-Z]')" $((lines - 1)) \
		"at 80 columns each option is there"
	is "$(at 80 | grep -A 1 '^SO_TYPE')" \
		"SO_TYPE  (SOL_SOCKET 3, int, get)  UDP 2  TCP 1
    the socket's type: 1 stream, 2 datagram" "at 80 columns an option is two lines"
	is "$(at 300 | head -n 1 | tr -s ' ')" \
		"LEVEL NAME NO TYPE UDP TCP ACCESS WHAT IT DOES" \
		"on a wide terminal there is the table"
else
	skip "on a terminal" "script or stty is missing"
fi

# ---- in depth ----

run SO_RCVBUF
is $status 0 "one option in depth is shown"
like "$(cat "$scratch/out")" "^  UDP +[0-9]+\$" "in depth: the default"
default=$(sed -n 's/^  UDP *//p' "$scratch/out")
like "$(cat "$scratch/out")" 'level SOL_SOCKET \(1\), number 8, type int' \
	"in depth: level, number and type"
limit=/proc/sys/net/core/rmem_max
if ! has_linux "sysctls"; then
	:
elif [ -r $limit ]; then
	like "$(cat "$scratch/out")" \
		"sysctl +net.core.rmem_max = $(cat $limit)" \
		"in depth: the sysctl that limits it"
	is "$default" "$(cat ${limit%max}default)" "in depth: the default is that of the sysctl"
else
	skip "in depth: the sysctl that limits it" "this namespace does not see $limit"
fi
like "$(cat "$scratch/out")" 'see +mchat lab rcvbuf' "in depth: which experiment shows it"
run IP_MTU
is $status 1 "an option that an unconnected socket lacks is an error"
like "$(said)" '^mchat: getsockopt\(IP_MTU\) on UDP: ENOTCONN, ' \
	"the error has its name"

# ---- setting ----

# change NAME=VALUE: "before asked after" on UDP, or the error.
change() {
	run --udp -f json "$1"
	objects '"\(.before) \(.asked) \(.after)"'
}

run IP_TTL=32
is $status 0 "an option is set"
is "$(head -n 2 "$scratch/out")" "IP_TTL on UDP: before 64, asked 32, after 32
IP_TTL on TCP: before 64, asked 32, after 32" "setting tells before, asked and after"
is "$(change IP_TTL=32)" "64 32 32" "an int is set"
is "$(change SO_REUSEADDR=on)" "0 1 1" "a bool is set"
is "$(change SO_RCVTIMEO=1.5)" "0.000000 s 1.500000 s 1.500000 s" "a timeval is set"
is "$(change SO_LINGER=5)" "off on, 5 s on, 5 s" "a linger is set"
is "$(change SO_BINDTODEVICE=lo)" "any interface lo lo" "a string is set"
is "$(change IP_MULTICAST_IF=lo)" "no address lo 127.0.0.1" "an interface is set"
is "$(change SO_RCVBUF=20000)" "$default 20000 40000" "SO_RCVBUF is doubled"
is "$(change SO_RCVBUF=1)" "$default 1 2304" "SO_RCVBUF has a minimum"
if [ -r $limit ]; then
	is "$(change SO_RCVBUF=1000000000)" \
		"$default 1000000000 $((2 * $(cat $limit)))" "SO_RCVBUF has a maximum"
else
	skip "SO_RCVBUF has a maximum" "this namespace does not see $limit"
fi
run -f json IP_TTL=32 IP_TTL=64 IP_ADD_MEMBERSHIP=239.1.2.3,lo \
	IP_DROP_MEMBERSHIP=239.1.2.3,lo
is $status 0 "several options are set"
is "$(objects .before | sed -n 3p)" 32 "several options act on the same sockets, in order"
run IPV6_JOIN_GROUP=ff12::4d43,lo MCAST_JOIN_GROUP=ff12::4d44,lo
is $status 0 "groups of IPv6 are joined"

# ---- refused ----

run IP_TTL=256
is $status 1 "what the kernel refuses: exit status"
like "$(said)" \
	'^mchat: setsockopt\([0-9]+, IPPROTO_IP, IP_TTL, 256\): EINVAL, ' \
	"what the kernel refuses: the call is told with its error"
like "$(cat "$scratch/out")" \
	'UDP: before 64, asked 256, after 64, refused: EINVAL$' \
	"what the kernel refuses: the value has not changed"
run -f json SO_TYPE=1
is "$status $(objects .error | sort -u)" "1 ENOPROTOOPT" \
	"what is read-only is refused by the kernel"
run --tcp UDP_SEGMENT=100
is $status 1 "an option of another kind of socket: exit status"
run IP_ADD_MEMBERSHIP=10.1.2.3,lo IP_TTL=9
is $status 1 "one refusal among several: exit status"
like "$(cat "$scratch/out")" '^IP_TTL on TCP: .* after 9$' \
	"one refusal among several: the others are set"

# error OPTION... NAME=VALUE: what stderr says it means.
error() {
	run "$@"
	sed 's/^mchat: .*): //' "$scratch/err"
}

is "$(error --tcp IP_MULTICAST_TTL=1)" "EINVAL, not on a TCP socket" \
	"refused: of the wrong kind of socket it is said"
is "$(error --tcp IP_ADD_MEMBERSHIP=239.1.2.3,lo)" "EPROTO, not on a TCP socket" \
	"refused: joining on TCP, too"
is "$(error --udp IP_MULTICAST_TTL=256)" \
	"EINVAL, a value out of range, or not in this state" \
	"refused: a value out of range"
is "$(error --udp IP_MULTICAST_IF=192.0.2.254)" \
	"EADDRNOTAVAIL, no interface has this address" \
	"refused: an address of nobody is the kernel's to refuse"
is "$(error --udp IP_DROP_MEMBERSHIP=239.1.2.3,lo)" \
	"EADDRNOTAVAIL, this socket is not in the group" \
	"refused: leaving a group that was not joined"
is "$(error --udp IP_ADD_MEMBERSHIP=239.1.2.3,lo IP_ADD_MEMBERSHIP=239.1.2.3,lo)" \
	"EADDRINUSE, this socket is in the group already" \
	"refused: joining twice"
run --udp -f json IP_MULTICAST_IF=192.0.2.254
is "$(objects .meaning)" "no interface has this address" \
	"refused: JSON has the same meaning"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	cp "$MCHAT" "$scratch/mchat"
	chmod 755 "$scratch" "$scratch/mchat"
	is "$(setpriv --reuid 65534 --clear-groups --inh-caps=-all \
		"$scratch/mchat" sockopt --udp SO_DEBUG=1 2>&1 >/dev/null |
		sed 's/^mchat: .*): //')" "EACCES, it needs CAP_NET_ADMIN" \
		"refused: SO_DEBUG is no broadcast"
else
	skip "refused: SO_DEBUG is no broadcast" "it takes root and setpriv"
fi

# ---- what is asked is told as it was asked ----

is "$(change IP_MULTICAST_IF=127.0.0.1)" "no address 127.0.0.1 127.0.0.1" \
	"an interface by its address is told as the address"
like "$(change SO_LINGER=-1)" \
	'^off on, without bound \(-1 s\) on, without bound \(-[0-9]+ s\)$' \
	"a negative time to linger has no bound"

# ---- options that the C library's headers lack ----

for option in IP_LOCAL_PORT_RANGE TCP_RTO_MAX_MS SO_RCVPRIORITY; do
	run $option
	like "$status $(said)" '^0 $|ENOPROTOOPT' "$option: the kernel is asked"
done

# ---- wrong usage ----

# wrong WHAT-STDERR-SAYS WORD...
wrong() {
	expected=$1
	shift
	run "$@"
	is "$status: $(said)$(cat "$scratch/out")" "2: mchat: $expected" \
		"wrong: mchat sockopt $*"
}

wrong "SO_RCVBUG: no such socket option; near: SO_RCVBUF" SO_RCVBUG
wrong "ip_tl: no such socket option; near: IP_TTL" ip_tl
wrong "TTL: no such socket option; near: IP_MINTTL, IP_MULTICAST_TTL, \
IP_RECVTTL, IP_TTL" TTL
wrong "XYZZY_PLUGH: no such socket option" XYZZY_PLUGH
wrong "'': no such socket option" ""
wrong "TCP_KEEPALIVE: the name on macOS; here TCP_KEEPIDLE" TCP_KEEPALIVE
wrong "TCP_NOPUSH: the name on the BSDs and macOS; here TCP_CORK" TCP_NOPUSH=1
wrong "nosuch: no such socket option" IP_TTL=3 nosuch
wrong "IP_TTL=x: not a number; it is written IP_TTL=N" IP_TTL=x
wrong "SO_LINGER=: not off or seconds; it is written SO_LINGER=off|SECONDS" \
	SO_LINGER=
wrong "IP_ADD_MEMBERSHIP=239.1.2.3,nosuch: no such interface; it is written \
IP_ADD_MEMBERSHIP=GROUP[,INTERFACE]" IP_ADD_MEMBERSHIP=239.1.2.3,nosuch
wrong "TCP_INFO=1: no value of this kind can be written here" TCP_INFO=1
wrong "sockopt --format bare: must be text or json" -f bare
wrong "--format needs a value; mchat sockopt --help says which" -f
wrong "unknown option -x; mchat sockopt --help lists them" -x
wrong "option --nosuch is unknown, ambiguous or takes no value; mchat sockopt \
--help lists them" --nosuch

# ---- help, and output that fails ----

run --help
is "$status" 0 "--help succeeds"
is "$(LC_ALL=C.UTF-8 awk 'length > 80' "$scratch/out")" "" \
	"--help fits a terminal of 80 columns"
for option in --udp --tcp --chapter -4 -6 --format; do
	succeeds "--help has $option" grep -q -- "$option" "$scratch/out"
done
if [ -c /dev/full ]; then
	"$MCHAT" sockopt >/dev/full 2>"$scratch/err"
	is "$?: $(said)" "1: mchat: stdout: No space left on device" \
		"a full disk is an error"
else
	skip "a full disk" "there is no /dev/full"
fi

done_testing
