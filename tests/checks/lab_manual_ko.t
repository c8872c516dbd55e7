#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The Korean mchat-lab.7 has the experiments, options, commands, types, C
# declarations and observations of the English one, in the same order, and the
# same rows of the chapter, with what to run and what to look for there.

. "${0%/*}/../lib.sh"
cd "$top" || exit 1

english=src/man/mchat-lab.7
korean=src/man/ko/mchat-lab.7

# tour FILE: up to the list of options, which the Korean page leaves to the
# English one.
tour() {
	sed '/^\.Sh SOCKET OPTIONS/,/^\.Sh EXIT/d' "$1"
}

# both FILTER NAME: the filter, which reads a page, finds the same in both.
both() {
	tour $english | $1 >"$scratch/english"
	tour $korean | $1 >"$scratch/korean"
	succeeds "$2: the English page has some" [ -s "$scratch/english" ]
	is "$(diff "$scratch/english" "$scratch/korean")" "" \
		"$2: the Korean page has the same"
}

sections() {
	sed -n '/^\.Sh/p'
}

synopsis() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p'
}

experiments() {
	sed -n '/^\.It Ic/p'
}

options() {
	sed -n '/^\.It \(Fl\|Vt\)/p'
}

commands() {
	sed -n '/^\.Dl/p'
}

# Without the comments, which are in the language of the page.
declarations() {
	sed -n '/^\.Bd/,/^\.Ed/{
		s,/\*.*\*/,,
		s/ *$//
		p
	}'
}

# Keys and values of observations, a word a line, in any order.
observations() {
	sed -n 's/^\.\(Pq \)\{0,1\}Ql //p' | tr ' ' '\n' |
		grep -E '^[a-z][a-z_0-9]*(=.*)?$' | grep _ | sort -u
}

# What errors, options and flags are named.
constants() {
	# A Korean particle may stand right behind.
	LC_ALL=C grep -oE '\<(E[A-Z]{3,}|(SO|IP|TCP|MSG|SHUT|IPV6)_[A-Z_]+)\>' | sort -u
}

# "SHOWN BY / LOOK FOR" of each row.
rows() {
	sed -n '/^\.TS/,/^\.TE/p' | awk '
		/^T[{]$/ { cell = 1; text[1] = "" ; next }
		/^T[}]\tT[{]$/ { cell++; text[cell] = ""; next }
		/^T[}]$/ { print text[2] " / " text[3]; cell = 0; next }
		cell { text[cell] = text[cell] $0 }'
}

both sections sections
both synopsis synopsis
both experiments experiments
both options options
both commands commands
both declarations declarations
both observations observations
both constants constants
both rows "rows of the chapter"
succeeds "the Korean page is in Korean" \
	[ "$(LC_ALL=C tr -d '\000-\177' <$korean | wc -c)" -gt 9000 ]

done_testing
