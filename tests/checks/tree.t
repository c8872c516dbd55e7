#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The tree holds what it should: nothing that was generated, nothing unexpected
# at the top, and nothing that only the author's machine has.

. "${0%/*}/../lib.sh"
requires git
cd "$top" || exit 1

in_tree() {
	git -c safe.directory='*' "$@"
}

in_tree rev-parse --verify -q HEAD >/dev/null ||
	skip_all "this is no git tree with a commit"

is "$(in_tree status --porcelain)" "" "every file is committed or ignored"

is "$(in_tree ls-files | sed 's|/.*||' | sort -u |
	grep -vxE 'Makefile|README\.md|LICENSE|src|include|tests|scripts|\..*')" \
	"" "the top level holds what it should"

# The brackets keep this line from finding itself.
is "$(in_tree grep -InE '(^|[^[:alnum:]_.])/([w]ork|[r]oot)/')" "" \
	"no file names a folder of one machine"

done_testing
