# SPDX-License-Identifier: ISC
# shellcheck shell=sh
#
# TAP for shell tests.  A test file two folders below the top reads like this:
#
#   . "${0%/*}/../lib.sh"
#   on_lan 2
#   start bob on 2 "$MCHAT" --raw -R
#   wait_for 5 grep -q joined "$scratch/bob.err"
#   echo hello | on 1 "$MCHAT" --raw -S
#   succeeds "bob hears" wait_for 5 shows bob hello
#   done_testing
#
# $top is the tree, $scratch a private directory that goes away at the end, as
# does every process that start began.

top=$(cd "${0%/*}/../.." && pwd) || exit 1
: "${MCHAT:=$top/mchat}" "${BUILD:=$top/build/release}" "${CC:=cc}"
export MCHAT BUILD CC

# Debian's users other than root lack the sbin folders, where ip and nft live;
# and the shell that tmux would take is, for some users, one that only refuses.
PATH=$PATH:/usr/sbin:/sbin
SHELL=/bin/sh
export PATH SHELL
# Whoever runs the tests may have a key.
unset MCHAT_KEY

checks=0
failures=0
scratch=$(mktemp -d) || exit 1

clean_up() {
	for record in "$scratch"/*.pid; do
		[ ! -e "$record" ] || kill -KILL "$(cat "$record")" 2>/dev/null
	done
	rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ok NAME, not_ok NAME: one check that went well, or not.
ok() {
	checks=$((checks + 1))
	printf 'ok %s - %s\n' "$checks" "$1"
}

not_ok() {
	checks=$((checks + 1))
	failures=$((failures + 1))
	printf 'not ok %s - %s\n' "$checks" "$1"
}

# note TEXT: explains; each line becomes a comment.
note() {
	printf '%s\n' "$1" | sed 's/^/# /'
}

# is GOT EXPECTED NAME
is() {
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3"
		note "got:      $1"
		note "expected: $2"
	fi
}

# like TEXT REGEX NAME: a line of TEXT matches the extended REGEX.
like() {
	if printf '%s\n' "$1" | grep -Eq -- "$2"; then
		ok "$3"
	else
		not_ok "$3"
		note "got:  $1"
		note "like: $2"
	fi
}

# succeeds NAME COMMAND..., fails NAME COMMAND...: by the exit status; a
# surprise shows what the command printed.
succeeds() {
	name=$1
	shift
	if printed=$("$@" 2>&1); then ok "$name"; else
		not_ok "$name"
		note "$printed"
	fi
}

fails() {
	name=$1
	shift
	if printed=$("$@" 2>&1); then
		not_ok "$name"
		note "$printed"
	else ok "$name"; fi
}

# has_linux WHAT: whether the mchat under test has what only Linux has; else, with
# PORTABLE=1, it is noted that WHAT is left out.
has_linux() {
	case $BUILD in
	*-portable)
		note "left out, as only Linux has it: $1"
		return 1
		;;
	esac
}

# skip NAME REASON: one check that cannot be made here.
skip() {
	checks=$((checks + 1))
	printf 'ok %s - %s # SKIP %s\n' "$checks" "$1" "$2"
}

# skip_all REASON: nothing of this file can be checked here.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# requires COMMAND...: skips the file where one is missing.
requires() {
	for tool; do
		command -v "$tool" >/dev/null || skip_all "$tool is missing"
	done
}

done_testing() {
	echo "1..$checks"
	[ "$failures" -eq 0 ]
	exit
}

# copy_tree FOLDER: a copy of the tree, less git's and all that was built, in a
# folder that is made.
copy_tree() {
	mkdir "$1" && tar -C "$top" -cf - --exclude=./build --exclude=./mchat \
		--exclude=./.git --exclude='./mchat-*.tar.gz' . | tar -C "$1" -xf -
}

# on_lan [OPTION]... N: runs this file inside a virtual LAN of N hosts, where
# "on K COMMAND..." runs a command on host K; options are those of scripts/lan.
on_lan() {
	[ -z "${LAN_PIDS-}" ] || return 0
	if ! reason=$("$top/scripts/lan" --control 1 true 2>&1); then
		skip_all "$reason"
	fi
	rm -rf "$scratch"
	exec "$top/scripts/lan" --control "$@" "$0"
}

# A group of this run's own keeps parallel runs on one host apart.
# shellcheck disable=SC2034 # for those tests that want it
own_address=239.255.$(($$ / 256 % 256)).$(($$ % 256))

# is_in NAME: waits until NAME, an mchat started with -v, is in the group.
is_in() {
	wait_for 10 grep -q '^mchat: in ' "$scratch/$1.err" ||
		note "$1: $(cat "$scratch/$1.err")"
}

# wait_for SECONDS COMMAND...: until COMMAND succeeds; 1 if it never did.  The
# seconds are what a sound mchat needs at most where nothing else runs; only who
# fails waits longer, so a busy machine gets several times that.
wait_for() {
	seconds=$1
	shift
	within $((6 * seconds)) "$@"
}

# within SECONDS COMMAND...: the same by the clock, for what is to fail.
within() {
	deadline=$(($(date +%s%N) + $1 * 1000000000))
	shift
	until "$@"; do
		[ "$(date +%s%N)" -lt "$deadline" ] || return 1
		sleep 0.02
	done
}

# prepared COMMAND...: waits for what the next check rests on; it is no check,
# but says when it never came.
prepared() {
	wait_for 10 "$@" || note "never came: $*"
}

# start NAME COMMAND...: in the background; reads what the caller reads, prints
# to $scratch/NAME.out and NAME.err.
start() {
	started=$1
	shift
	# Now, so that nobody takes what an earlier one of this name printed.
	# A FIFO that was laid there keeps nothing, and opening it would wait.
	[ -p "$scratch/$started.out" ] || : >"$scratch/$started.out"
	: >"$scratch/$started.err"
	# The shell would have a background command ignore these signals.
	env --default-signal=INT,QUIT "$@" <&3 3<&- \
		>"$scratch/$started.out" 2>"$scratch/$started.err" &
	echo $! >"$scratch/$started.pid"
} 3<&0

# start_open NAME COMMAND...: the same with an input that stays open;
# say NAME LINE writes to it, hang_up NAME ends it.
start_open() {
	mkfifo "$scratch/$1.in"
	sleep infinity >"$scratch/$1.in" &
	echo $! >"$scratch/$1.input.pid"
	start "$@" <"$scratch/$1.in"
}

# start_terminal NAME HOST OPTION...: an mchat of that name at a terminal, where
# commands are typed; say NAME LINE types.
start_terminal() {
	typist=$1 host=$2
	shift 2
	start_open "$typist" on "$host" script -qec \
		"stty columns 400; '$MCHAT' -n $typist $*" /dev/null
}

# Opened both ways, so that a reader that is gone fails a check, not the open.
say() {
	printf '%s\n' "$2" 1<>"$scratch/$1.in"
}

# say_file NAME SAID: the lines of $scratch/SAID at once.
say_file() {
	cat "$scratch/$2" 1<>"$scratch/$1.in"
}

hang_up() {
	stop "$1.input"
}

# signal NAME SIGNAL
signal() {
	kill -s "$2" "$(cat "$scratch/$1.pid")"
}

# ended NAME: it runs no more.
ended() {
	! grep -q '^State:.[^Z]' "/proc/$(cat "$scratch/$1.pid")/status" \
		2>/dev/null
}

# names_no FILE: a check that $scratch/said, which a tool wrote about many files,
# has no line about this one.
names_no() {
	if grep -q "^$1:" "$scratch/said"; then
		not_ok "$1"
		note "$(grep -A 2 "^$1:" "$scratch/said" | head -n 6)"
	else
		ok "$1"
	fi
}

# finish NAME: waits until it ends by itself, as wait_for 10; returns its exit
# status, 124 when it was still running.
finish() {
	if wait_for 10 ended "$1"; then
		collect "$1"
	else
		signal "$1" KILL
		collect "$1"
		return 124
	fi
}

# stop NAME: asks it to end; returns its exit status.
stop() {
	signal "$1" TERM 2>/dev/null
	collect "$1"
}

# leave NAME...: the input of those that start_open began ends, and each ends
# with status 0; $what, where it is set, says when.
leave() {
	for leaving; do
		hang_up "$leaving"
		finish "$leaving"
		is $? 0 "${what:+$what: }exit status of $leaving"
		rm "$scratch/$leaving.in"
	done
}

# stop_open NAME...: stops those that start_open began, whatever their status.
stop_open() {
	for stopping; do
		hang_up "$stopping"
		stop "$stopping"
		rm "$scratch/$stopping.in"
	done
}

collect() {
	collected=$(cat "$scratch/$1.pid")
	rm "$scratch/$1.pid"
	wait "$collected"
}

# shows NAME TEXT: a line of what NAME printed holds TEXT.
shows() {
	grep -qF -- "$2" "$scratch/$1.out"
}

# shows_all NAME SAID: of the lines that begin with the letter SAID, NAME printed
# those of $scratch/SAID, each once and in order, and no others.
shows_all() {
	grep "^$2" "$scratch/$1.out" | cmp -s - "$scratch/$2"
}

# members HOST INTERFACE [GROUP]: how many sockets of a host are in mchat's
# default group, or in GROUP, there, as its /proc/net/igmp says.
members() {
	on "$1" ip -4 maddr show dev "$2" |
		awk -v group="${3-239.255.77.67}" '
			$2 == group { count = $3 == "users" ? $4 : 1 }
			END { print count + 0 }'
}

# has_members HOST INTERFACE COUNT [GROUP]
has_members() {
	[ "$(members "$1" "$2" ${4+"$4"})" -eq "$3" ]
}

# members_ipv6 HOST INTERFACE [GROUP], has_members_ipv6 HOST INTERFACE COUNT
# [GROUP]: the same of ff12::4d43, or of a GROUP as /proc/net/igmp6 writes it.
members_ipv6() {
	on "$1" cat /proc/net/igmp6 |
		awk -v dev="$2" -v group="${3-ff120000000000000000000000004d43}" '
			$2 == dev && $3 == group { count = $4 }
			END { print count + 0 }'
}

has_members_ipv6() {
	[ "$(members_ipv6 "$1" "$2" ${4+"$4"})" -eq "$3" ]
}

# plug HOST NETWORK [MTU]: gives a host ethNETWORK anew, with its address there;
# unplug takes it away.
plug() {
	pid=$(echo "$LAN_PIDS" | awk -v host="$1" '{ print $host }')
	ip -batch - <<-END
		link add h$1.$2 mtu ${3-1500} type veth \
			peer name eth$2 mtu ${3-1500} netns $pid
		link set h$1.$2 master br$2 up
	END
	on "$1" ip -batch - <<-END
		link set eth$2 up
		addr add 10.$((77 + $2)).0.$1/24 dev eth$2
	END
}

unplug() {
	ip link del "h$1.$2"
}

# told NAME TEXT [COUNT]: so many lines on the stderr of NAME, once if not said,
# are "mchat: TEXT".
told() {
	[ "$(grep -cxF "mchat: $2" "$scratch/$1.err")" -eq "${3-1}" ]
}

# stopped NAME: by a signal.
stopped() {
	grep -q '^State:.T' "/proc/$(cat "$scratch/$1.pid")/status"
}

# resident_kib NAME [VmHWM]: what it takes of memory now [or at most so far].
resident_kib() {
	awk -v field="${2-VmRSS}:" '$1 == field { print $2 }' \
		"/proc/$(cat "$scratch/$1.pid")/status"
}

# udp_sent HOST: UDP datagrams over IPv4 that the host has sent so far.
udp_sent() {
	on "$1" cat /proc/net/snmp |
		awk '/^Udp:/ && $2 != "InDatagrams" { print $5 }'
}

# numbered COUNT: so many lines of 64 bytes that count from 1.
numbered() {
	seq -f "line %059.0f" "$1"
}

# repeated COUNT LETTER: one line of so many bytes.
repeated() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}

# has_lines NAME COUNT: NAME printed so many lines at least.
has_lines() {
	[ "$(wc -l <"$scratch/$1.out")" -ge "$2" ]
}

# knows NAME OTHER: NAME, at whose stderr one looks, was told that OTHER joined.
knows() {
	grep -q "$2 joined" "$scratch/$1.err"
}

# knows_others NAME COUNT: so many at least joined, as NAME was told.
knows_others() {
	[ "$(grep -c '^mchat: [^ ]* joined' "$scratch/$1.err")" -ge "$2" ]
}

# settled NAME AUTHOR: as NAME traces, the author has stopped saying hello.  What
# it says before that is not history, but new to everyone who joins.
settled() {
	grep -q "<- STATE  *$2 .* TTL  *1  [^h]" "$scratch/$1.err"
}

# has_messages NAME COUNT: NAME showed so many at least, as JSON.
has_messages() {
	[ "$(grep -c '"event":"message"' "$scratch/$1.out")" -ge "$2" ]
}

# hear_one_another WHEN: checks that what alice says bob shows, and the reverse.
hear_one_another() {
	say alice "alice $1"
	succeeds "$1: bob hears alice" wait_for 5 shows bob "alice $1"
	say bob "bob $1"
	succeeds "$1: alice hears bob" wait_for 5 shows alice "bob $1"
}

# lossy PERCENT HOST...: of what reaches these hosts so much is lost, at random;
# unlike --drop this takes away what a host receives for all of its members.
lossy() {
	percent=$1
	shift
	for host; do
		on "$host" nft -f - <<-END || return
			table inet lossy
			delete table inet lossy
			table inet lossy {
				chain in {
					type filter hook input priority 0
					numgen random mod 100 < $percent drop
				}
			}
		END
	done
}

# count_packets HOST...: begins to count what each of these hosts receives from
# others of DATA and of the packets of peers about themselves.
count_packets() {
	for host; do
		on "$host" nft -f - <<-END || return
			table inet counts
			delete table inet counts
			table inet counts {
				counter heard { }
				chain in {
					type filter hook input priority 0
					fib saddr type local return
					udp dport 62428 @th,72,8 {
						0x11, 0x16, 0x17, 0x18
					} counter name heard
				}
			}
		END
	done
}

# packets_counted HOST...: how many they have received since, together.
packets_counted() {
	for host; do
		on "$host" nft list counter inet counts heard
	done | awk '$1 == "packets" { sum += $2 } END { print sum }'
}
