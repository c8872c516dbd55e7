#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Members of a private group whose clocks are wrong, by seconds, by a day, or not
# set at all, that are set while they chat, and that come and go: every line of
# each is heard by all, once and in order.
#
#   right, newcomer (host 1)   behind, ahead (host 2)   unset, drifting (host 3)
#           |                        |                        |
#   --------+------------------------+---------- br0 ---------+---

. "${0%/*}/../lib.sh"
requires jq
on_lan 3

# A clock that is wrong by so many seconds as the file says whose name WRONG is.
cat >"$scratch/wrong.c" <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *out)
{
	int status = (int)syscall(SYS_clock_gettime, clock, out);
	char text[32] = "";
	int fd;

	if (status == 0 && clock == CLOCK_REALTIME) {
		fd = open(getenv("WRONG"), O_RDONLY);
		if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0)
			out->tv_sec += atol(text);
		close(fd);
	}
	return status;
}
END
$CC -shared -fPIC -o "$scratch/wrong.so" "$scratch/wrong.c" 2>"$scratch/why" ||
	skip_all "no clock of our own: $(head -n 1 "$scratch/why")"

# set_clock NAME SECONDS: from now on it is wrong by so much.
set_clock() {
	echo "$2" >"$scratch/$1.new"
	mv "$scratch/$1.new" "$scratch/$1.clock"
}
cat >"$scratch/as" <<END
#!/bin/sh
WRONG=$scratch/\$1.clock
ASAN_OPTIONS=verify_asan_link_order=0
LD_PRELOAD=$scratch/wrong.so
export WRONG ASAN_OPTIONS LD_PRELOAD
exec "$MCHAT" -n "\$@"
END
chmod +x "$scratch/as"
set_clock probe -900000000
on 1 "$scratch/as" probe -i lo -q -o "$scratch/probe.log" -m x
grep -q '^19' "$scratch/probe.log" || skip_all "$MCHAT keeps to its own clock"

key=$scratch/class.key
"$MCHAT" key new "$key" >/dev/null

# enters NAME HOST WRONG
enters() {
	set_clock "$1" "$3"
	start_open "$1" on "$2" "$scratch/as" "$1" -k "$key" -f json
	members="$members $1"
}
# all_hear TEXT: each member says it, and all others hear it.
all_hear() {
	for author in $members; do
		say "$author" "$author says $1"
	done
	for hearer in $members; do
		for author in $members; do
			[ "$author" = "$hearer" ] ||
				wait_for 10 shows "$hearer" \
					"\"text\":\"$author says $1\"" ||
				return
		done
	done
}
# heard NAME AUTHOR
heard() {
	jq -r "select(.event == \"message\" and .nick == \"$2\") | .text" \
		"$scratch/$1.out"
}
# all_heard: all that each said was heard by each other, once and in order.
all_heard() {
	for hearer in $members; do
		for author in $members; do
			# shellcheck disable=SC2086 # words
			[ "$author" = "$hearer" ] || [ "$(heard "$hearer" \
				"$author")" = "$(printf "$author says %s\n" \
				$lines)" ] || {
				echo "$hearer of $author"
				heard "$hearer" "$author"
				return 1
			}
		done
	done
}

# What is said, in this order.
lines="one -10800 -10 40000 0 9000000 set seven"
members=
enters right 1 0
enters behind 2 -3600
enters ahead 2 86400
enters unset 3 "-$(date +%s)"
enters drifting 3 -30
met() {
	for hearer in $members; do
		[ "$(grep -c '"event":"join"' "$scratch/$hearer.out")" -ge 4 ] ||
			return
	done
}
succeeds "all meet, whatever their clocks say" wait_for 20 met
succeeds "and hear one another" all_hear one

# told_of NAME: the members whose clocks NAME was told to be wrong.
told_of() {
	jq -r 'select(.event == "outside" and .kind == "time") | .address' \
		"$scratch/$1.out" | sort | uniq -c | xargs
}
is "$(told_of right)" "2 10.77.0.2 2 10.77.0.3" \
	"who has the right clock is told whose is not"
succeeds "who has none is told so" grep -q 'our clock is not set' \
	"$scratch/unset.err"

# ---- clocks that are set meanwhile ----

for step in -10800 -10 40000 0 9000000; do
	set_clock drifting "$step"
	succeeds "a clock is set, now it is $step s ahead" all_hear "$step"
done
set_clock unset 0
succeeds "one that was not set is" all_hear set
set_clock right 7
succeeds "one is 7 s ahead, which is no matter" all_hear seven
succeeds "each line was heard once, in order" all_heard

# ---- who comes and goes ----

before=$(date +%s)
for time in 1 2 3 4 5 6 7 8 9 10; do
	set_clock newcomer $((time % 2 * 500))
	on 1 "$scratch/as" newcomer -k "$key" -q -w 5 -m "come $time"
	is $? 0 "newcomer $time is confirmed by all"
done
note "ten newcomers, half of them with a wrong clock, took \
$(($(date +%s) - before)) s"
for hearer in $members; do
	is "$(heard "$hearer" newcomer)" "$(seq -f 'come %g' 10)" \
		"$hearer hears each newcomer, once"
done

# ---- who was stopped for longer than a packet may be late ----

signal right STOP
prepared stopped right
on 3 "$MCHAT" -k "$key" -q -n brief -m "said meanwhile"
is $? 0 "somebody comes, says something, and is gone"
sleep 12
signal right CONT
succeeds "who was stopped hears it all the same" wait_for 10 \
	shows right "said meanwhile"

for name in $members; do
	hang_up "$name"
done
for name in $members; do
	finish "$name"
	is $? 0 "exit status of $name"
done

done_testing
