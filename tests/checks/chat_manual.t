#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat.1 and README.md document the commands of /help in its own words, and
# the keys that the line editor knows, and no others.

. "${0%/*}/../lib.sh"
requires script
cd "$top" || exit 1
[ -x "$MCHAT" ] || skip_all "mchat is not built"

manual=src/man/mchat.1

# ---- commands ----

# Commands are typed: on a terminal, which edits the line itself here.
in_help() {
	printf '/help\n/quit\n' |
		TERM=dumb script -qec "$MCHAT -i lo 239.255.77.68" /dev/null |
		tr -d '\r' | sed -n 's/^mchat: \(\/.*\)/\1/p' |
		sed 's/   *\| \([^ ]*\)  */ \1: /; s/ :/:/' | sort
}

# "/command ARGUMENT: what it does"
in_manual() {
	sed -n '/^\.Sh COMMANDS/,/^\.Sh KEYS/{
		/^\.It Cm/{
			N
			s/^\.It Cm //
			s/ Ar / /
			s/\n/: /
			s/\.$//
			p
		}
	}' $manual | sed 's/: \(.\)/: \L\1/' | sort
}

# shellcheck disable=SC2016 # the backquote is that of Markdown
in_readme() {
	sed -n 's/^| `\(\/[^`]*\)` | \(.*\) |$/\1: \2/p' README.md |
		sed 's/\\|/|/g' | sort
}

in_help >"$scratch/help"
like "$(cat "$scratch/help")" '^/who: who is here' "/help has commands"
is "$(in_manual | diff "$scratch/help" -)" "" "mchat.1 has those commands"
is "$(in_readme | diff "$scratch/help" -)" "" "README.md has those commands"

# ---- keys ----

# The names of the keys in the editor's table.
bound() {
	sed -n '/^} bindings\[\] = {/,/^};/{
			/act_prefix/d
			s/^	{\(.*\), act_.*/\1/p
		}' src/terminal/keymap.c | grep -v PASTE |
		sed "s/KEYS_CTRL('\(.\)')/Ctrl-\1/
			s/'.r'\|'.n'/Enter/; s/'.t'/Tab/; s/0x7f/Backspace/
			s/KEY_\([LRUDEH]\)\([A-Z]*\), 0/\1\L\2/
			s/KEY_TEXT, '\(.\)'/\U\1/
			s/KEY_CONTROL, //
			s/\(.*\), 0$/\1/
			s/\(.*\), AFTER_CTRL_X$/Ctrl-X \1/
			s/\(.*\), KEY_ALT$/Alt-\1/
			s/\(.*\), KEY_CTRL$/Ctrl-\1/" | sort -u
}

documented() {
	sed -n '/^\.Sh KEYS/,/^\.Sh OUTPUT/s/^\.It Ic //p' $manual |
		sed 's/ , /\n/g' | grep -vx Alt-digit | sort
}

bound >"$scratch/bound"
succeeds "the editor binds Ctrl-A" grep -qx Ctrl-A "$scratch/bound"
is "$(documented | diff "$scratch/bound" -)" "" "mchat.1 has those keys"

done_testing
