#!/bin/sh
# SPDX-License-Identifier: ISC
#
# --log: what the transcript holds in each format and mode, and what becomes of
# it and of the chat when the file cannot be opened or the disk is full.

. "${0%/*}/../lib.sh"

group=$own_address:5111
log=$scratch/log
# Far from the clock of UTC, so that local time is seen.
export TZ=XYZ-7
stamp='20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9]'

# chat OPTION...: as lee, to the end.
chat() {
	timeout 20 "$MCHAT" -i lo -n lee "$@" "$group"
}

# lines: what the log holds without time, number and what varies.
lines() {
	sed -E "s/^$stamp //; s/127\.0\.0\.1:[0-9]+/ADDRESS/" "$log"
}

listen() {
	start "$1" "$MCHAT" -v -i lo -n kim -R "$group"
	prepared grep -q '^mchat: in ' "$scratch/$1.err"
}

# ---- what it holds ----

listen kim
chat -q -w 1 -o "$log" -m hello -m "$(printf 'esc \033[31m')" 2>&1
is "$(lines)" "— kim joined —
lee> hello
lee> esc \\x1b[31m" "the log holds our own lines, made safe, and who joined"
is "$(grep -cvE "^$stamp " "$log")" 0 "each line of the log has date and time"
now=$(date +%s)
written=$(date -d "$(tail -n 1 "$log" | cut -c 1-19)" +%s)
[ "$written" -le "$now" ] && [ "$written" -gt $((now - 60)) ]
is $? 0 "the log's time is local, and that of this test"
is "$(stat -c %a "$log")" 600 "only its owner may read and write the log"
printf 'from a pipe\n' | chat -q -w 1 -o "$log"
is "$(lines | tail -n 2)" "— kim joined —
lee> from a pipe" "the next chat appends lines of stdin to the log"
stop kim

for mode in "-f text" "-f bare" "-f json" "-f text -q" "-f bare -q" \
	"-f json --color always"; do
	rm -f "$log"
	# shellcheck disable=SC2086 # a list of options
	start kim "$MCHAT" -i lo -n kim -R -c 2 $mode -o "$log" "$group"
	chat -q -w 1 -m one -m "$(printf '\377\nx')"
	finish kim
	is "$? $(lines | grep -v ' sent ')" "0 — lee joined —
lee: one
lee: \\xff\\nx" "$mode: the log is the same"
done

# ---- raw ----

rm -f "$log"
start kim "$MCHAT" --raw -v -i lo -R -c 2 -o "$log" "$group"
prepared grep -q '^mchat: in ' "$scratch/kim.err"
"$MCHAT" --raw -i lo -o "$scratch/own" -m one -m two "$group"
finish kim
is "$(lines | grep -v ' sent ')" "[ADDRESS] one
[ADDRESS] two" "--raw: the log holds what came"
like "$(cat "$scratch/own")" "^$stamp [^ ]+> two$" "--raw: the log holds what was sent"

# ---- what goes wrong ----

is "$(chat -o "$scratch/no/log" -m hello 2>&1)" \
	"mchat: --log $scratch/no/log: No such file or directory" \
	"a log in a folder that is not there is an error"
chat -o "$scratch/no/log" -m hello 2>/dev/null
is $? 1 "a log in a folder that is not there: exit status"
listen kim
chat -o / -m unheard 2>/dev/null
chat -q -m heard
prepared shows kim heard
fails "when the log cannot be opened, nothing is sent" shows kim unheard

if [ -c /dev/full ]; then
	shown=$(chat -w 1 -q -o /dev/full -m one -m two 2>&1)
	is "$? $shown" "1 mchat: --log /dev/full: No space left on device; \
the chat goes on, lines are missing there
mchat: --log /dev/full: 3 lines are missing" "a full disk is told once, and missing lines are counted"
	succeeds "the chat goes on when the disk is full" wait_for 10 shows kim two
else
	skip "a full disk" "there is no /dev/full"
fi
limited=$(
	ulimit -f 0
	chat -w 1 -q -o "$log" -m limited 2>&1
)
like "$limited" "$log: File too large" \
	"a file that may not grow is told, and no signal ends the chat"
succeeds "the chat goes on when the file may not grow" wait_for 10 shows kim limited
stop kim

# A disk of one page that is full, and then is not.
cat >"$scratch/disk" <<-'END'
	mount -t tmpfs -o size=4k none "$1" || exit 77
	head -c 4096 /dev/zero >"$1/filler"
	mkfifo "$1/../line"
	"$MCHAT" -v --raw -i lo -n lee -o "$1/log" "$2" <"$1/../line" \
		2>"$1/../full.err" &
	exec 3>"$1/../line"
	echo lost >&3
	for i in $(seq 500); do
		grep -q 'No space' "$1/../full.err" && break
		sleep 0.02
	done
	rm "$1/filler"
	echo kept >&3
	exec 3>&-
	wait $!
	echo "status $?"
	sed 's/^.\{20\}//' "$1/log"
END
mkdir "$scratch/mnt"
# Where user namespaces are refused, root can do without.
namespaces=-m
! unshare -Urm true 2>/dev/null || namespaces=-Urm
unshare $namespaces sh "$scratch/disk" "$scratch/mnt" "$group" \
	>"$scratch/disk.out" 2>"$scratch/disk.err"
if [ $? -eq 77 ] || [ ! -s "$scratch/disk.out" ]; then
	skip "a disk that has room again" "no disk of our own here: $(
		head -n 1 "$scratch/disk.err")"
else
	is "$(grep -v sent "$scratch/disk.out")" "status 1
lee> kept" "when the disk has room again the log goes on"
	is "$(grep -c 'No space' "$scratch/full.err")" 1 "a disk that was full is told once"
	like "$(cat "$scratch/full.err")" "log: 1 line is missing" "a disk that was full: the missing line is counted"
fi

# ---- moved away, as logrotate does ----

# In a session of its own it has no terminal, and SIGHUP ends nobody.
start_open rotated setsid "$MCHAT" -i lo -n lee -o "$scratch/rotated" "$group"
# logs FILE LINE: the file has the line.
logs() {
	grep -qs " lee> $2\$" "$1"
}
say rotated "first"
prepared logs "$scratch/rotated" "first"
mv "$scratch/rotated" "$scratch/rotated.1"
signal rotated HUP
succeeds "a log that was moved is opened anew at SIGHUP" \
	wait_for 10 test -e "$scratch/rotated"
say rotated "second"
succeeds "and goes on there" wait_for 10 logs "$scratch/rotated" "second"
fails "not in the old file" logs "$scratch/rotated.1" "second"

# Without a signal it is seen within a second, at the next line.
mv "$scratch/rotated" "$scratch/rotated.2"
says_until_seen() {
	say rotated "third"
	logs "$scratch/rotated" "third"
}
succeeds "it is seen without being told, too" wait_for 10 says_until_seen
hang_up rotated
finish rotated
is $? 0 "the chat went on"
is "$(cat "$scratch/rotated.err")" "" "and nothing was wrong"

done_testing
