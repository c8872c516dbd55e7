#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat lab: each experiment makes its observation on this host's loopback, and
# says so; what its figures must be is checked here once more.

. "${0%/*}/../lib.sh"
requires jq prlimit

# run WORD...: stdout in $scratch/out, stderr in $scratch/err, $status.
run() {
	"$MCHAT" lab "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
}

said() {
	cat "$scratch/err"
}

# value KEY: what the last run observed.
value() {
	sed -n "s/^    observed: $1=//p" "$scratch/out"
}

# shown EXPERIMENT KEY=VALUE...: it succeeds and observes these values.
shown() {
	experiment=$1
	shift
	run "$experiment"
	is "$status$(said)" 0 "$experiment is shown"
	like "$(cat "$scratch/out")" '^shown: ' "$experiment says what it showed"
	for expected; do
		is "$(value "${expected%%=*}")" "${expected#*=}" \
			"$experiment: $expected"
	done
}

# between KEY LOW HIGH
between() {
	measured=$(value "$1")
	# shellcheck disable=SC2015 # not_ok is for both
	[ "$measured" -ge "$2" ] && [ "$measured" -le "$3" ] &&
		ok "$experiment: $1 is from $2 to $3" || {
		not_ok "$experiment: $1 is from $2 to $3"
		note "got: $measured"
	}
}

# ---- each experiment ----

if has_linux "TCP_INFO, which rcvbuf is about"; then
	shown rcvbuf asked=1024 sent=50 lost_with_default=0 write_blocks=1 window=0 \
		stream_sent=16777216 stream_received=16777216
	between granted 1024 2048
	is "$(value in_all)" $((2 * $(value granted))) \
		"rcvbuf: granted is what may be used, as it was asked for"
	between small_window 1 65535
	between usual_window 65536 100000000
	between taken_small 1 $(($(value taken_default) - 1))
	between lost 1 49
	is "$(($(value received) + $(value lost)))" 50 "rcvbuf: every datagram was received or lost"
fi
shown lowat readable_with_5=0 readable_with_10=1
shown ttl after=32 ttl_0=EINVAL ttl_256=EINVAL
shown broadcast without=EACCES with=sent received=1
if ! has_linux "a network of namespaces, which dontroute needs"; then
	:
elif "$MCHAT" lab dontroute | grep -q "none can be made here"; then
	skip dontroute "no network namespace can be made here"
else
	shown dontroute far_without=ok far_with_flag=ENETUNREACH \
		far_with=ENETUNREACH router_with=ok near_with=ok
fi
if has_linux "TCP_INFO, which keepalive is about"; then
	shown keepalive alive=none error=ETIMEDOUT
	between found_after_ms 1000 60000
fi
shown linger default_lost=0 default_reader=end zero_reader=ECONNRESET \
	positive_lost=0
between default_close_ms 0 899
between positive_close_ms 900 60000
between zero_lost 1 1000000
between early_close_ms 0 8000
if has_linux "TCP_INFO, which shutdown is about"; then
	shown shutdown "delivered=a question" end=0 "answer=an answer" \
		send_after=EPIPE client_state=FIN-WAIT-2 server_state=CLOSE-WAIT \
		client_reads=0 full_lost=0 rd_reads=0 rd_state=ESTABLISHED \
		rd_late=late rdwr_reads=0 rdwr_send=EPIPE rdwr_state=CLOSE-WAIT
fi
shown reuseaddr without=EADDRINUSE with=ok child_without=EADDRINUSE \
	child_with=ok other_address=ok all_without=EADDRINUSE \
	all_with=EADDRINUSE udp_all_without=EADDRINUSE udp_all_with=ok \
	same_tcp=EADDRINUSE udp_first=0 udp_last=1 said_by_none=EADDRINUSE \
	said_by_second=EADDRINUSE said_by_both=ok
shown inherit "SO_KEEPALIVE=0 fresh, 1 listener, 1 accepted" \
	"IP_TTL=64 fresh, 32 listener, 32 accepted" \
	"TCP_NODELAY=0 fresh, 1 listener, 1 accepted" \
	"TCP_FASTOPEN=0 fresh, 5 listener, 0 accepted" \
	listener_SO_ACCEPTCONN=1 SO_ACCEPTCONN=0 listener_O_NONBLOCK=1 \
	O_NONBLOCK=0
shown nodelay
between nagle_us 20000 60000000
between nodelay_us 0 $(($(value nagle_us) / 4))
shown maxseg asked=1000 asked_87=EINVAL set_late=ok
is "$(value after)" "$(value client)" "maxseg: once connected nothing changes"
between client 500 1000
between server 500 1000
shown oob sigurg=1 before=ab urgent=! after=cd at_mark=1 inline=!cd \
	inline_oob=EINVAL
shown peek peeked=5 peeked_again=5 taken=5 after=EAGAIN \
	first_datagram=12345 small_buffer=12 its_size=5 buffer_of_4=4 queued=10
shown waitall without=5 with=10 at_timeout=5 at_end=3 of_datagrams=5
between waited_ms 100 60000
shown dontwait at_once=EAGAIN blocking=EAGAIN
between blocking_ms 200 60000
shown join before=0 joined=1 left=0 bystander_default=1 bystander_all_off=0
if has_linux "/proc/net/igmp"; then
	is "$(value igmp_before) $(value igmp_joined) $(value igmp_left)" "0 1 0" \
		"join: so the kernel says"
fi
shown reuse-udp without=EADDRINUSE received=3
shown loop on=1
shown ttl-multicast default=1 unicast=9 multicast=1 arrived_0=0 arrived_1=1 arrived_32=32 \
	ttl_256=EINVAL
shown interface interface=127.0.0.1 received=1 from=127.0.0.2 \
	nobodys=EADDRNOTAVAIL
shown mac mac=01:00:5e:7f:4d:43 groups=32 mac_of_224.0.0.1=01:00:5e:00:00:01
is "$(value shared_by | sort -u | wc -l)" 32 "mac: the 32 groups are listed"
shown scope groups=6 refused=2 ttl=1

# ---- the list ----

run
is $status 0 "without a name the experiments are listed"
grep -o '^[a-z-]*' "$scratch/out" | sort >"$scratch/listed"
sed -n 's/^[[:blank:]]*shown \([a-z-]*\).*/\1/p' "$0" | sort >"$scratch/tested"
is "$(diff "$scratch/listed" "$scratch/tested")" "" "each listed experiment is tested here"
is "$(awk 'length > 80' "$scratch/out")" "" "the list fits 80 columns"
sed 's/ .*//' "$scratch/out" >"$scratch/names"
awk '{ print $2 }' "$scratch/out" >"$scratch/order"

is "$(awk '{ print $2 }' "$scratch/out" | sort -V | diff - "$scratch/order")" "" \
	"the list is in the order of the chapter"
is "$(awk '$1 ~ /^(ttl|rcvbuf|scope|mac|join|oob)$/ { printf "%s ", $1 }' \
	"$scratch/out")" "ttl rcvbuf scope mac join oob " \
	"ttl comes first, scope and mac before join, flags last"

run all
if has_linux "some experiments"; then
	is "$status $(said)" "0 " "all are shown at one go"
	is "$(tail -n 1 "$scratch/out")" \
		"summary: 23 of 23 experiments were shown" "and a summary"
fi
is "$(LC_ALL=C.UTF-8 awk 'length > 80' "$scratch/out")" "" \
	"all of them fit 80 columns"
is "$(sed -n 's/^\([a-z-]*\): .*/\1/p' "$scratch/out" |
	grep -vx -e shown -e summary)" "$(cat "$scratch/names")" \
	"all of them, in the order of the chapter"

run -f json all
if has_linux "some experiments"; then
	is $status 0 "all are shown as JSON"
	is "$(jq -c 'select(.event == "summary")' "$scratch/out")" \
		'{"event":"summary","experiments":23,"shown":23}' "with a summary"
fi
is "$(jq -r 'select(.event == "result") | .experiment' "$scratch/out" | sort)" \
	"$(cat "$scratch/listed")" "each of them"

# ---- the table of the chapter in mchat-lab(7) ----

# "EXPERIMENT KEY" for what the table says to look for; a row that names two
# experiments has keys of each, and some show only where a network can be made.
jq -r 'select(.event == "observed") | "\(.experiment) \(.key)"' \
	"$scratch/out" | sort -u >"$scratch/observed"
sed -n '/^\.TS/,/^\.TE/p' "$top/src/man/mchat-lab.7" | tr '\n' ' ' |
	sed 's/T{/\n/g' | awk '
		{ sub(/ *T}.*/, ""); cell[++count % 4] = $0 }
		count > 1 && (count - 1) % 4 == 3 { print cell[3] "|" cell[0] }' |
	grep -v '^ *sockopt' >"$scratch/rows"
succeeds "the manual has a table" [ "$(wc -l <"$scratch/rows")" -gt 40 ]
if ! has_linux "some experiments"; then
	:
elif grep -q "^dontroute far_with_flag" "$scratch/observed"; then
	while IFS='|' read -r names keys; do
		for key in $(printf '%s\n' "$keys" | tr ',' '\n' |
			sed -n 's/^ *\([A-Za-z_0-9]*\)\(=.*\)*$/\1/p'); do
			pattern=$(printf '%s' "$names" | sed 's/ //g; s/,/|/g')
			grep -Eq "^($pattern) $key$" "$scratch/observed" ||
				printf '%s: %s\n' "$names" "$key"
		done
	done <"$scratch/rows" >"$scratch/unknown"
	is "$(cat "$scratch/unknown")" "" \
		"what the table says to look for is observed"
else
	skip "what the table says to look for" "no network can be made here"
fi

# ---- a group of one's own ----

run mac 224.1.2.3 ttl
is "$status $(value mac) $(value groups) $(value after)" \
	"0 01:00:5e:01:02:03 32 32" "mac takes a group"
is "$(sed -n '/^    224\.1\.2\.3/,/^    01/s/ *$//p' "$scratch/out")" "\
    224.1.2.3                            11100000 0|0000001 00000010 00000011
      a group                            1110
      5 bits lost                            0000 0
      23 bits copied                               |0000001 00000010 00000011
    01:00:5e:01:02:03  00000001 00000000 01011110 0|0000001 00000010 00000011" \
	"mac draws its bits"
is "$("$MCHAT" lab -f json mac | grep -c "bits copied")" 0 \
	"mac draws nothing in JSON"

# ---- other names ----

# means WORD EXPERIMENT...: the word stands for these; their programs are what is
# printed at once.
means() {
	word=$1
	shift
	is "$("$MCHAT" lab --code "$word" | cksum)" \
		"$("$MCHAT" lab --code "$@" | cksum)" "$word stands for $*"
}

means 5.1 ttl
means 5.2 rcvbuf lowat
means 5.2.2 lowat
means 5.7 oob peek waitall dontwait
# shellcheck disable=SC2046 # many words
means 5 $(cat "$scratch/names")
means SO_LINGER linger
means msg_peek peek
"$MCHAT" sockopt -f json | jq -r 'select(.experiment != null) |
	"\(.name) \(.experiment)"' >"$scratch/noted"
succeeds "options name experiments" [ -s "$scratch/noted" ]
while read -r option experiment; do
	means "$option" "$experiment"
done <"$scratch/noted"

run ttl 5.2.2
is "$status $(grep -c '^summary' "$scratch/out")" "0 0" \
	"those that were named one by one have no summary"
run 5.6
is "$status $(tail -n 1 "$scratch/out")" \
	"0 summary: 7 of 7 experiments were shown" "a section has one"
wrong_numbers=
for word in 5.8 5. 6 .1 "5.1.1.1"; do
	run "$word"
	wrong_numbers="$wrong_numbers $status"
done
is "$wrong_numbers" " 2 2 2 2 2" "numbers that the chapter does not have"

# ---- JSON ----

run -f json ttl mac
is $status 0 "-f json succeeds"
is "$(jq -r .event "$scratch/out" | sort -u | tr '\n' ' ')" \
	"call experiment observed result step " "-f json prints these kinds of events"
is "$(jq -r 'select(.key == "after") | .value' "$scratch/out")" 32 \
	"-f json: a number is a number"
is "$(jq -r 'select(.event == "result") | "\(.experiment) \(.shown)"' \
	"$scratch/out")" "ttl true
mac true" "-f json: each experiment has a result"
is "$(jq -r 'select(.error != null) | "\(.call) \(.error)"' "$scratch/out" |
	sed 's/([0-9]*/(N/')" "setsockopt(N, IPPROTO_IP, IP_TTL, 0) EINVAL
setsockopt(N, IPPROTO_IP, IP_TTL, 256) EINVAL" "-f json: errors are named"

# ---- what cannot be observed ----

# A process that may open one file more has one socket.
with_one_socket() {
	prlimit --nofile=4 "$MCHAT" lab "$@"
}
for experiment in rcvbuf shutdown join; do
	with_one_socket $experiment >"$scratch/out" 2>"$scratch/err"
	is $? 1 "with one socket $experiment fails"
	like "$(said)" "^mchat: lab $experiment: .*: EMFILE, " \
		"with one socket $experiment says why on stderr"
	like "$(cat "$scratch/out")" '^not shown: ' "with one socket $experiment says why in its story, too"
done
with_one_socket 5.2 >"$scratch/out" 2>"$scratch/err"
is "$? $(tail -n 2 "$scratch/out")" "1 summary: 0 of 2 experiments were shown
not shown: rcvbuf, lowat" "a summary names what was not shown"
with_one_socket -f json peek >"$scratch/out" 2>&1
is "$(grep '"event":"result"' "$scratch/out" | jq .shown)" false \
	"with one socket peek says so in its JSON"

# ---- wrong usage ----

# wrong WHAT-STDERR-SAYS WORD...
wrong() {
	expected=$1
	shift
	run "$@"
	is "$status: $(said)$(cat "$scratch/out")" "2: mchat: $expected" \
		"wrong: mchat lab $*"
}

wrong "lingr: no such experiment; near: linger" lingr
wrong "mac 10.1.2.3: no group: these are from 224.0.0.0 to 239.255.255.255" \
	mac 10.1.2.3
wrong "224.1.2.3: no such experiment" ttl 224.1.2.3
wrong "ttl2: no such experiment; near: ttl" ttl2
wrong "reuse: no such experiment; near: reuseaddr, reuse-udp" ttl reuse
wrong "'': no such experiment" ""
wrong "lab --format xml: must be text or json" -f xml
wrong "unknown option -x; mchat lab --help lists them" -x
run --help
is $status 0 "--help succeeds"
is "$(awk 'length > 80' "$scratch/out")" "" "--help fits 80 columns"

done_testing
