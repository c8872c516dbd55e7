#!/bin/sh
# SPDX-License-Identifier: ISC
#
# --help and --version: what they print, and that they do not claim success
# when nobody could read it.

. "${0%/*}/../lib.sh"

# Prints what COMMAND says on stderr, then its exit status.
outcome() {
	{ "$@" >"$scratch/out"; } 2>&1
	echo "exit status $?"
}

to_full() {
	"$MCHAT" "$1" >/dev/full
}

to_nowhere() {
	"$MCHAT" "$1" >&-
}

# The pipe's reader is gone before mchat begins.
to_nobody() (
	trap '' PIPE
	"$MCHAT" "$1" >&5
)

help=$scratch/help
"$MCHAT" --help >"$help" 2>&1
is $? 0 "--help succeeds"
is "$(diff "$top/tests/cli/help.expected" "$help")" "" \
	"--help is as in help.expected"
is "$(LC_ALL=C.UTF-8 awk 'length > 80' "$help")" "" \
	"--help fits a terminal of 80 columns"
is "$(grep "$(printf '\t')" "$help")" "" "--help has no tabs"
is "$("$MCHAT" -h 2>&1)" "$(cat "$help")" "-h is --help"
is "$("$MCHAT" -i nosuch0 -S -R --help 2>&1)" "$(cat "$help")" \
	"--help counts even beside options that exclude each other"

version=$(sed -n 's/.*MCHAT_VERSION "\(.*\)"/\1/p' \
	"$top/include/mchat/version.h")
is "$("$MCHAT" -V 2>&1)" "mchat $version" "-V prints the version"
is "$("$MCHAT" --version 2>&1)" "mchat $version" "--version prints the version"

# ---- the same as words ----

is "$("$MCHAT" help 2>&1)" "$(cat "$help")" "help is --help"
is "$("$MCHAT" help --help 2>&1)" "$(cat "$help")" "and so is its own"
is "$("$MCHAT" version 2>&1)" "mchat $version" "version is --version"
for command in key sockopt lab; do
	like "$(cat "$help")" "^       mchat .*\<$command\>" \
		"--help names $command"
	is "$("$MCHAT" help $command 2>&1)" "$("$MCHAT" $command --help)" \
		"help $command is $command --help"
done
like "$(cat "$help")" '/help ' "--help names /help"
like "$(cat "$help")" 'man mchat ' "and the manual"
is "$(outcome "$MCHAT" help labs)" "mchat: labs: no such command; near: lab
exit status 2" "of another command there is no help"
is "$(outcome "$MCHAT" help lab mac)" \
	"mchat: help takes one command at most; mchat --help lists them
exit status 2" "nor of two"
is "$(outcome "$MCHAT" version 2)" \
	"mchat: version takes nothing; mchat --help lists the commands
exit status 2" "a version has no arguments"

mkfifo "$scratch/pipe"
exec 4<>"$scratch/pipe"
exec 5>"$scratch/pipe"
exec 4<&-
for option in --help --version; do
	if [ -c /dev/full ]; then
		is "$(outcome to_full $option)" \
			"mchat: stdout: No space left on device
exit status 1" "$option fails when stdout is full"
	else
		skip "$option to a full disk" "there is no /dev/full"
	fi
	is "$(outcome to_nowhere $option)" \
		"mchat: stdout: Bad file descriptor
exit status 1" "$option without a stdout fails as on a full disk"
	is "$(outcome to_nobody $option)" "exit status 1" \
		"$option to a pipe without a reader ends quietly"
done

done_testing
