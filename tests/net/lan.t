#!/bin/sh
# SPDX-License-Identifier: ISC
#
# scripts/lan opens a LAN, runs a command for each host, tells how it went, and
# leaves nothing behind, not even when killed.
#
#   host 1     host 2     host 3
#      |          |          |
#   ---+--- br0 --+----------+---      10.77.0.K, and 10.78.0.K on br1

# shellcheck disable=SC2016 # much of it is for inner shells

. "${0%/*}/../lib.sh"

lan() {
	"$top/scripts/lan" "$@"
}
reason=$(lan --control 1 true 2>&1) || skip_all "$reason"

# status COMMAND...: prints its exit status.
status() {
	"$@" >"$scratch/printed" 2>&1
	echo $?
}

# --- A command for each host -------------------------------------------------

is "$(lan 3 'echo "I am $LAN_HOST"' | sort)" "1: I am 1
2: I am 2
3: I am 3" "one command runs on every host, its lines named"
is "$(lan 3 'echo one' 'echo two' 'echo three' | sort)" "1: one
2: two
3: three" "each host can have a command of its own"
is "$(lan 2 'hostname; ip -4 -o addr show dev eth0 | grep -o "10[0-9./]* "' |
	sort)" "1: 10.77.0.1/24 
1: host1
2: 10.77.0.2/24 
2: host2" "a host has a name and an address"
is "$(lan --networks 2 1 'ip -4 -o addr | grep -o "eth.*/24"' | tr -s ' ')" \
	"1: eth0 inet 10.77.0.1/24
1: eth1 inet 10.78.0.1/24" "--networks 2 gives a host two interfaces"
like "$(lan 1 'ip route get 239.1.2.3')" "^1: multicast 239.1.2.3 dev eth0" \
	"a host has a route to all groups"
like "$(lan --no-route 1 'ip route get 239.1.2.3')" "unreachable" \
	"--no-route leaves that route out"
is "$(lan 2 'on 2 hostname' true)" "1: host2" \
	"a host's command may run one on another host"
is "$(lan 2 --networks 2 'ip -4 -o addr show eth1 | grep -o "10[0-9.]*/"' |
	sort)" "1: 10.78.0.1/
2: 10.78.0.2/" "options may follow the number"
is "$(lan 1 'echo to stderr >&2')" "1: to stderr" \
	"stderr is named and shown as well"

# --- Status ------------------------------------------------------------------

is "$(status lan 3 true 'exit 5' 'exit 6')" 5 \
	"the status is that of the first host that fails"
is "$(status lan 2 true)" 0 "the status is 0 when no host fails"
is "$(status lan --control 1 sh -c 'exit 9')" 9 \
	"--control: the status of the command"
is "$(status lan --control 1 on 2 true)" 2 "on refuses a host that is not there"
for misuse in "" 0 251 many "--networks 0 1" "--sideways 1" "--control 1" \
	"3 true true" "--router 1" "--router --networks 2 3" "demo 3"; do
	# shellcheck disable=SC2086 # several words
	is "$(status lan $misuse)" 2 "misuse: lan $misuse"
	like "$(cat "$scratch/printed")" "^scripts/lan: .*--help$" \
		"misuse is explained: lan $misuse"
done

# --- Control -----------------------------------------------------------------

is "$(lan --control 3 sh -c 'for k in 1 2 3; do on $k hostname; done')" \
	"host1
host2
host3" "--control runs one command beside the hosts, on reaches them"
is "$(lan --control 1 printf '<%s>' 'two words' '' "it's")" \
	"<two words><><it's>" "--control: arguments arrive as they are"
is "$(echo input | lan --control 1 cat)" "input" "--control: the command gets the input"

is "$(printf 'hostname\non 2 hostname\n' | SHELL=/bin/sh lan 2 |
	tail -n 2)" "host1
host2" "without a command there is a shell on host 1"

# --- A wire ------------------------------------------------------------------

setting=/proc/sys/net/bridge/bridge-nf-call-iptables
if [ -e $setting ]; then
	is "$(lan --control 1 cat $setting)" 0 \
		"bridges pass frames on as they are, past the IP filters"
else
	skip "bridges pass frames on" "this kernel has no such filters"
fi

if command -v tcpdump >/dev/null; then
	# captured FILE ENOUGH [OPTION]: what tcpdump on host 2 sees of a fast
	# sender on host 1, until that is enough for an awk program.
	captured() {
		file=$1
		enough=$2
		shift 2
		timeout 60 "$top/scripts/lan" "$@" --control 2 sh -c '
			on 2 tcpdump --immediate-mode -l -i eth0 -n udp \
				>"$1" 2>"$0" &
			until grep -q -e listening -e "^tcpdump: [A-Z]" "$0"; do
				sleep 0.02
			done
			seq 20000 | on 1 "$MCHAT" -T 20 2>/dev/null
			until awk "$2" "$1" || ! kill -0 $!; do
				sleep 0.02
			done
			kill $!
			wait' "$scratch/tcpdump.err" "$file" "$enough"
	}
	large=1472
	has_linux "UDP_SEGMENT" || large=100
	captured "$scratch/bursts" \
		"\$NF > $large { found = 1 } END { exit !found }"
	like "$(cat "$scratch/bursts")" '10\.77\.0\.1\.[0-9]+ > 239\.255\.77\.67' \
		"tcpdump works on a host"
	captured "$scratch/singly" \
		'/239\.255\.77\.67/ { count++ } END { exit count <= 50 }' \
		--no-bursts
	succeeds "with --no-bursts there are many packets" \
		[ "$(grep -c '239\.255\.77\.67' "$scratch/singly")" -gt 50 ]
	is "$(awk '$NF > 1472' "$scratch/singly")" "" \
		"and none is larger than the wire takes"
	! has_linux "UDP_SEGMENT" || succeeds "without, there are some" \
		[ -n "$(awk '$NF > 1472' "$scratch/bursts")" ]
else
	skip "tcpdump works on a host" "tcpdump is missing"
fi

# --- Nothing is left ---------------------------------------------------------

# inhabitants NAME: the processes of a LAN, known by the process namespace of
# which the command printed the name, and the script's own children; zombies
# only wait for the one that inherited them.
inhabitants() {
	# The brackets of "pid:[4026531836]" would be a pattern.
	home=$(tr '[]' '??' <"$scratch/$1.out")
	for pid in $children $(find /proc/[0-9]*/ns/pid -maxdepth 0 \
		-lname "$home" 2>/dev/null | cut -d / -f 3); do
		grep -s '^State:.[^Z]' "/proc/$pid/status"
	done
}
populated() {
	[ "$(inhabitants "$1" | wc -l)" -ge 7 ]
}
deserted() {
	[ -z "$(inhabitants "$1")" ]
}

for end in KILL:137 TERM:143 HUP:143; do
	signal=${end%:*}
	children=
	start "lan$signal" "$top/scripts/lan" --control 2 sh -c '
		readlink /proc/self/ns/pid
		on 1 sleep infinity &
		on 2 sh -c "trap : TERM HUP INT; sleep infinity; sleep infinity"'
	# The shell, three sleeps and a shell on the hosts, two hosts, the first
	# process of the LAN.
	succeeds "SIG$signal: the LAN's processes run" \
		wait_for 5 populated "lan$signal"
	children=$(ps -o pid= --ppid "$(cat "$scratch/lan$signal.pid")")
	like "$children" "[0-9]" "SIG$signal: the script has a child outside the LAN"
	signal "lan$signal" "$signal"
	succeeds "SIG$signal: no process is left" \
		wait_for 5 deserted "lan$signal"
	finish "lan$signal" 2>/dev/null
	is $? "${end#*:}" "SIG$signal: status"
done

done_testing
