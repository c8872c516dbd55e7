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

shown rcvbuf asked=1024 sent=50 lost_with_default=0
between granted 2048 4096
between lost 1 49
is "$(($(value received) + $(value lost)))" 50 "rcvbuf: every datagram was received or lost"
shown lowat readable_with_5=0 readable_with_10=1
shown ttl after=32 ttl_0=EINVAL ttl_256=EINVAL
shown broadcast without=EACCES with=sent received=1
shown dontroute far_with=ENETUNREACH near_with=ok
shown keepalive error=ETIMEDOUT
between found_after_ms 1000 60000
shown linger default_lost=0 default_reader=end zero_reader=ECONNRESET \
	positive_lost=0
between default_close_ms 0 899
between positive_close_ms 900 60000
between zero_lost 1 1000000
shown shutdown "delivered=a question" end=0 "answer=an answer" send_after=EPIPE
shown reuseaddr without=EADDRINUSE with=ok
shown inherit SO_KEEPALIVE=1 SO_RCVBUF=1 IP_TTL=1 TCP_NODELAY=1 \
	TCP_FASTOPEN=0 SO_ACCEPTCONN=0 O_NONBLOCK=0
shown nodelay
between nagle_us 20000 60000000
between nodelay_us 0 $(($(value nagle_us) / 4))
shown maxseg asked=1000
between client 500 1000
between server 500 1000
shown oob sigurg=1 before=ab urgent=! after=cd at_mark=1 inline=!cd \
	inline_oob=EINVAL
shown peek peeked=5 peeked_again=5 taken=5 after=EAGAIN
shown waitall without=5 with=10
between waited_ms 100 60000
shown dontwait at_once=EAGAIN blocking=EAGAIN
between blocking_ms 200 60000
shown join before=0 joined=1 left=0 igmp_before=0 igmp_joined=1 igmp_left=0
shown reuse-udp without=EADDRINUSE received=3
shown loop on=1
shown ttl-multicast default=1 arrived_0=0 arrived_1=1 arrived_32=32 \
	ttl_256=EINVAL
shown interface interface=127.0.0.1 received=1 nobodys=EADDRNOTAVAIL
shown mac mac=01:00:5e:7f:4d:43 groups=32 mac_of_224.0.0.1=01:00:5e:00:00:01
is "$(value shared_by | sort -u | wc -l)" 32 "mac: the 32 groups are listed"
shown scope groups=6 refused=2 ttl=1

# ---- the list ----

run
is $status 0 "without a name the experiments are listed"
grep -o '^[a-z-]*' "$scratch/out" | sort >"$scratch/listed"
sed -n 's/^shown \([a-z-]*\).*/\1/p' "$0" | sort >"$scratch/tested"
is "$(diff "$scratch/listed" "$scratch/tested")" "" "each listed experiment is tested here"
is "$(awk 'length > 80' "$scratch/out")" "" "the list fits 80 columns"

run -f json all
is $status 0 "all are shown at one go"
is "$(jq -r 'select(.event == "result") | .experiment' "$scratch/out" | sort)" \
	"$(cat "$scratch/listed")" "each of them"

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
wrong "ttl2: no such experiment; near: ttl" ttl2
wrong "reuse: no such experiment; near: reuseaddr, reuse-udp" ttl reuse
wrong "'': no such experiment" ""
wrong "lab --format xml: must be text or json" -f xml
wrong "unknown option -x; mchat lab --help lists them" -x
run --help
is $status 0 "--help succeeds"
is "$(awk 'length > 80' "$scratch/out")" "" "--help fits 80 columns"

done_testing
