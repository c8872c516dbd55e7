#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What the completions of src/completion offer is what --help has, of mchat and
# of each subcommand: every option, and no other.

. "${0%/*}/../lib.sh"
cd "$top/src/completion" || exit 1
[ -x "$MCHAT" ] || skip_all "mchat is not built"
PATH=$(dirname "$MCHAT"):$PATH

commands=$(sed -n 's/.*local commands="\([^"]*\)".*/\1/p' mchat.bash)

# rows [COMMAND]: its options as in help, "-p, --port N" a line.
rows() {
	"$MCHAT" "$@" --help | sed -n 's/^  *\(-.*\)/\1/p' | sed 's/   .*//'
}

# words: the options of such rows, one a line.
words() {
	grep -oE -- '(^|[ ,])--?[[:alnum:]][[:alnum:]-]*' | tr -d ' ,' | sort -u
}

# in_help [COMMAND]: all of them.
in_help() {
	rows "$@" | words
}

# taking_values: those of mchat that want one.
taking_values() {
	rows | grep -E -- '--[a-z-]+ [^ ]' | words
}

# ---- bash, which runs its own ----

# offers WORD...: what it offers for the last word, one a line.
offers() {
	# shellcheck disable=SC2016 # bash expands it
	bash -c '. ./mchat.bash
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_mchat
		[[ ${#COMPREPLY[@]} -eq 0 ]] || printf "%s\n" "${COMPREPLY[@]}"
		' bash mchat "$@"
}

# options WORD...: which options of its own completion it sets there; one that is
# set in a subshell would be none.
options() {
	# shellcheck disable=SC2016 # bash expands it
	bash -c '. ./mchat.bash
		compopt() { set=$*; }
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_mchat
		echo "$set"
		' bash mchat "$@"
}

is "$(offers "" | tr '\n' ' ')" "$commands help version " \
	"bash: the first word"
is "$(offers help "" | tr '\n' ' ')" "$commands " "bash: what there is help for"
for option in -o --log; do
	is "$(options $option "")" "-o default" "bash: $option takes a file"
	is "$(options $option = "")" "-o default" "bash: also behind ="
done
is "$(options -n "")" "" "bash: a nick is none"
is "$(offers key show "")" "" "bash: a file of a key is none of its words"
is "$(options key show "")" "-o default" "bash: it is a file"
for words in "-k" "--key" "doctor -k" "doctor --key"; do
	# shellcheck disable=SC2086 # words
	is "$(offers $words "" | tr '\n' ' ')" "ask none " \
		"bash: $words takes a word"
	# shellcheck disable=SC2086
	is "$(options $words "")" "-o default" "bash: or a file"
done
is "$(offers lab al)" all "bash: all experiments"
is "$(offers - | sort)" "$(in_help)" "bash: the options of mchat"
for command in $commands; do
	is "$(offers "$command" - | sort)" "$(in_help "$command")" \
		"bash: the options of mchat $command"
	# It takes an address.
	[ "$command" = doctor ] ||
		like "$(offers "$command" "")" '^[A-Za-z_]+$' \
			"bash: and its names"
done
for option in $(taking_values); do
	is "$(offers "$option" - | grep -e '^-')" "" \
		"bash: $option wants a value"
done
is "$(offers --format '' | tr '\n' ' ')" "text bare json " "bash: values"
is "$(offers --format = j)" "json" "bash: a value behind ="
is "$(offers --notify = '' | tr '\n' ' ')" "bell osc " \
	"bash: a value that may be left out, behind ="
is "$(offers --notify '')" "" "bash: and nowhere else"
is "$(offers sockopt --format '' | tr '\n' ' ')" "text json " \
	"bash: values of a subcommand"

# ---- fish and zsh, as they are written ----

# all: the options of all commands.
all() {
	{
		in_help
		for command in $commands; do
			in_help "$command"
		done
	} | sort -u
}

in_fish() {
	grep '^complete' mchat.fish |
		grep -o -- ' -s [[:alnum:]]\| -l [[:alnum:]-]*' |
		sed 's/ -s /-/; s/ -l /--/' | sort -u
}

in_zsh() {
	grep -oE -- "[{,']--?[[:alnum:]][[:alnum:]-]*" _mchat |
		sed "s/^[{,']//" | grep -vx -- -- | sort -u
	sed -n "s/^[^'{]*'([^)]*)\(-[0-9]\)\[.*/\1/p" _mchat
}

is "$(in_fish)" "$(all)" "fish: the options of all commands"
is "$(in_zsh | sort -u)" "$(all)" "zsh: the options of all commands"
is "$(sed -n 's/^set -l commands //p' mchat.fish)" "$commands" \
	"fish: the commands"
is "$(sed -n 's/.*local commands=(\(.*\))/\1/p' _mchat)" "$commands" \
	"zsh: the commands"
is "$(sed -n 's/.* -a \([a-z]*\) -d .*/\1/p' mchat.fish | tr '\n' ' ')" \
	"$commands " "fish: offers them"
for command in $commands; do
	succeeds "zsh: has a function for $command" \
		grep -q "^_mchat_$command() {" _mchat
done

# ---- and run, where these shells are ----

if command -v fish >/dev/null; then
	is "$(fish --no-config -c 'source mchat.fish; complete -C"mchat -"' |
		cut -f 1 | sort)" "$(in_help)" "fish: offers them"
	for command in $commands; do
		is "$(fish --no-config -c \
			"source mchat.fish; complete -C'mchat $command -'" |
			cut -f 1 | sort)" "$(in_help "$command")" \
			"fish: and those of $command"
	done
fi
if command -v zsh >/dev/null; then
	succeeds "zsh: can read it" zsh -n _mchat
fi

done_testing
