#!/bin/sh
# SPDX-License-Identifier: ISC
#
# README.md and the manual say what the program and the tree are: the options
# of --help, the version, the folders; and the commands in them are valid sh.

# shellcheck disable=SC2016 # the backquotes are those of Markdown

. "${0%/*}/../lib.sh"
cd "$top" || exit 1
[ -x "$MCHAT" ] || skip_all "mchat is not built"

# Lists in one form, as in "-p, --port N".
in_help() {
	"$MCHAT" --help | sed -n 's/^  *\(-.*\)/\1/p' | sed 's/   *.*//' | sort
}

in_readme() {
	sed -n '/^## Options/,/^## [^O]/s/^| `\(-[^`]*\)` |.*/\1/p' README.md |
		sed 's/\\|/|/g' | sort
}

in_manual() {
	sed -n '/^\.It Fl /{
		s/^\.It //
		s/Fl Fl /--/g
		s/Fl -/--/g
		s/Fl /-/g
		s/ , /, /
		s/ Ar / /
		p
	}' src/man/mchat.1 | sort
}

# words: the options alone, one a line, of such lists or command lines.
words() {
	sed 's/[ ,=]/\n/g' | grep -Ex -- '--?[[:alnum:]][[:alnum:]-]*' | sort -u
}

# unknown: of the options on stdin, those that --help does not have.
unknown() {
	in_help | words >"$scratch/known"
	words | comm -13 "$scratch/known" -
}

# ---- options ----

in_help >"$scratch/help"
like "$(head -n 1 "$scratch/help")" '^-' "--help has options"
is "$(in_readme | diff "$scratch/help" -)" "" "README.md has those options"
is "$(in_manual | diff "$scratch/help" -)" "" "mchat.1 has those options"
is "$(grep -oE 'Fl [^ ,.;]+' src/man/mchat.1 | sed 's/^Fl /-/' | unknown)" "" \
	"mchat.1 names no other option"
is "$(grep -ohE '(^|[^/])mchat( [^|;&#)<`]*)? -[^|;&#)<`]*' README.md \
	src/man/mchat.1 | unknown)" "" "nor do the commands of either"

# ---- version ----

is "$("$MCHAT" -V)" "mchat $(sed -n 's/.*MCHAT_VERSION "\(.*\)"/\1/p' \
	include/mchat/version.h)" "mchat -V is the version of version.h"

# ---- the map: "Where things are" ----

sed -n '/^#.*Where things are/,/^## /s/^| \(`.*\)/\1/p' README.md \
	>"$scratch/map"
sed 's/ |.*//' "$scratch/map" | grep -o '`[^`]*`' | tr -d '`' | sort \
	>"$scratch/mapped"

is_mapped() {
	grep -qxF "$1" "$scratch/mapped"
}

# names FOLDER: what the map's row of FOLDER names in it.
names() {
	sed -n "s|^\`$1\` ||p" "$scratch/map" | grep -o '`[^`]*`' | tr -d '`'
}

# holds FOLDER: what is in it, but for what make and the editor leave.
holds() {
	find "$1" -mindepth 1 -maxdepth 1 ! -name '.*' ! -name '*.o' |
		sed 's|.*/||' | sort
}

succeeds "README.md has a map" test -s "$scratch/mapped"
while read -r path; do
	succeeds "$path of the map exists" test -e "$path"
done <"$scratch/mapped"

for path in src/*; do
	succeeds "$path is in the map" is_mapped "$path"
done
for path in include/mchat include/mchat/*/; do
	path=${path%/}
	# One row serves a module's sources and headers.
	is_mapped "src/${path#include/mchat/}" ||
		succeeds "$path is in the map" is_mapped "$path"
done
for folder in src/man src/completion scripts; do
	is "$(names $folder | sort)" "$(holds $folder | grep -vx 'lan\.d')" \
		"the map names what is in $folder"
done
is "$(names tests | sort)" "$(find tests -mindepth 1 -maxdepth 1 -type d |
	sed 's|.*/||' | sort)" "the map names the folders of tests"

grep -oE '(src|include|tests|scripts)/[[:alnum:]_./-]*[[:alnum:]]' README.md |
	sort -u >"$scratch/paths"
while read -r path; do
	succeeds "$path, which README.md names, exists" test -e "$path"
done <"$scratch/paths"

# ---- commands ----

# Each block that is marked as sh becomes a file.
awk -v folder="$scratch" '
	/^```sh$/ { file = folder "/block." ++blocks; next }
	/^```/ { file = ""; next }
	file { print >file }' README.md
succeeds "README.md has commands" test -s "$scratch/block.1"
for block in "$scratch"/block.*; do
	succeeds "block ${block##*.} of README.md is sh" sh -n "$block"
done

done_testing
