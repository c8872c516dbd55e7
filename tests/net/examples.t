#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each of scripts/examples does what it says.  No systemd runs here: the units are
# read by systemd-analyze, and what they start runs without a capability, while
# strace sees whether it keeps to their system calls and address families.
#
#   listener (host 1)    examples (host 2)
#        |                    |
#   -----+-------- br0 -------+-----

. "${0%/*}/../lib.sh"
requires systemd-analyze strace setpriv jq git make
# The leak check of a sanitizer traces, as strace does: only one of both can.
export ASAN_OPTIONS=detect_leaks=0

on_lan 2
cd "$top/scripts/examples" || exit 1

# Commands that the examples name.
mkdir "$scratch/bin"
ln -s "$MCHAT" "$scratch/bin/mchat"
cat >"$scratch/bin/df" <<'END'
#!/bin/sh
echo "Filesystem Size Used Avail Use% Mounted on"
echo "/dev/sda1  10G  9G   1G    95%  /var"
echo "/dev/sda2  10G  1G   9G    10%  /home"
END
cat >"$scratch/bin/backup" <<'END'
#!/bin/sh
exit "$BACKUP"
END
chmod +x "$scratch/bin/df" "$scratch/bin/backup"
PATH=$scratch/bin:$PATH
# What git has of whoever runs this is not for here.
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null HOME=$scratch
XDG_RUNTIME_DIR=$scratch
export PATH GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM HOME XDG_RUNTIME_DIR

start listener on 1 "$MCHAT" -R -v -n listener
is_in listener

# ---- units ----

# values UNIT KEY: all of them, one a line.
values() {
	sed -n "s/^$2=//p" "$1"
}

# calls NAME...: the system calls of what SystemCallFilter names.
# shellcheck disable=SC2046 # many words
calls() {
	for filter; do
		case $filter in
		@*) calls $(systemd-analyze syscall-filter "$filter" |
			sed -n 's/^    \([^#]\)/\1/p') ;;
		*) echo "$filter" ;;
		esac
	done
}

# allowed UNIT: the system calls that it may use.
# shellcheck disable=SC2046 # many words
allowed() {
	calls $(values "$1" SystemCallFilter | grep -v '^~') | sort -u \
		>"$scratch/allowed"
	calls $(values "$1" SystemCallFilter | sed -n 's/^~//p') | sort -u |
		comm -23 "$scratch/allowed" -
}

# unit MANAGER: the one for that.
unit() {
	unit=$1/mchat-log@.service
	state=$scratch/state.$1
	mkdir -p "$state/mchat" "$scratch/$1"
	sed "s|=/usr/bin/mchat|=$MCHAT|" "$unit" >"$scratch/$1/mchat-log@.service"
	is "$(systemd-analyze "--$1" --man=no verify \
		"$scratch/$1/mchat-log@.service" 2>&1)" "" \
		"$1: systemd has nothing to say of the unit"

	command=$(values "$unit" ExecStart |
		sed "s|^/usr/bin/mchat|$MCHAT|; s|%i|lobby|g; s|%S|$state|g")
	# shellcheck disable=SC2086 # a command with its arguments
	start logger on 2 setpriv --no-new-privs --inh-caps=-all \
		--bounding-set=-all strace -f -o "$scratch/trace" $command
	on 1 "$MCHAT" -q -n lee -r lobby -w 1 -m "for the log"
	is $? 0 "$1: the log confirms a message"
	succeeds "$1: it is in the file" wait_for 5 \
		grep -q 'lee: for the log$' "$state/mchat/lobby.log"
	is "$(jq -r 'select(.event == "message") | .text' "$scratch/logger.out")" \
		"for the log" "$1: and an object for the journal"
	kill "$(pgrep -f "^$MCHAT -R .*$state")"
	finish logger
	is $? 0 "$1: it ends when systemd asks it to"

	is "$(sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' "$scratch/trace" |
		sort -u | grep -vx execve | comm -23 - "$scratch/allowed.$1")" \
		"" "$1: it keeps to its system calls"
	if has_linux "rtnetlink"; then
		is "$(sed -n 's/.* socket(\([A-Z0-9_]*\),.*/\1/p' \
			"$scratch/trace" | sort -u | xargs)" \
			"$(values "$unit" RestrictAddressFamilies)" \
			"$1: and to its address families, all of which it uses"
	fi
}

for manager in system user; do
	allowed $manager/mchat-log@.service >"$scratch/allowed.$manager"
	like "$(wc -l <"$scratch/allowed.$manager")" '^ *[23][0-9][0-9]$' \
		"$manager: the unit allows some hundred system calls"
	unit $manager
done

figure=$(systemd-analyze security --offline=true system/mchat-log@.service |
	sed -n 's/^.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')
succeeds "README.md has the figure of systemd-analyze security: $figure" \
	grep -qF "exposure level ${figure:-of which there is none} " "$top/README.md"

# ---- cron ----

# job COMMAND: the line of the crontab with that command.
job() {
	sed -n "s/^[0-9*]* [0-9*]* [0-9*]* [0-9*]* [0-9*]* *\($1 .*\)/\1/p" crontab
}

is "$(grep -cv -e '^#' -e '^$' crontab)" 2 "the crontab has two jobs"
BACKUP=0 on 2 sh -c "$(job backup)"
is $? 0 "a backup that succeeds is confirmed"
succeeds "and told" wait_for 5 shows listener "host2: backup done"
BACKUP=1 on 2 sh -c "$(job backup)"
is $? 1 "one that fails is an error"
is "$(grep -c 'backup done' "$scratch/listener.out")" 1 "and not told"
on 2 sh -c "$(job df)"
succeeds "full file systems are told" wait_for 5 shows listener "full: /var (95%)"
fails "others are not" shows listener /home

# ---- git ----

as_git() {
	git -c user.name=kim -c user.email=kim@example.org -C "$scratch/work.git" "$@"
}
git init -q --bare "$scratch/shared.git"
cp post-receive "$scratch/shared.git/hooks/post-receive"
git init -q "$scratch/work.git"
as_git commit -q --allow-empty -m "mend the roof"
on 2 git -C "$scratch/work.git" push -q "$scratch/shared.git" HEAD:refs/heads/main
is $? 0 "what is pushed arrives"
succeeds "and is told" wait_for 5 shows listener "shared: main: kim: mend the roof"
on 2 git -C "$scratch/work.git" push -q "$scratch/shared.git" HEAD:refs/heads/old
on 2 git -C "$scratch/work.git" push -q "$scratch/shared.git" :refs/heads/old
succeeds "so is what is deleted" wait_for 5 shows listener "shared: old is deleted"

# ---- a build ----

on 2 ./build-done true
is $? 0 "a build that succeeds"
# However many seconds that took here.
succeeds "is told" wait_for 5 grep -q 'host2: true: done after [0-9]* s$' \
	"$scratch/listener.out"
on 2 ./build-done sh -c 'exit 3'
is $? 3 "one that fails ends as it did"
succeeds "and is told, too" wait_for 5 shows listener "sh -c exit 3: FAILED (3)"

stop listener
done_testing
