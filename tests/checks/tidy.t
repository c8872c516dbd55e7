#!/bin/sh
# SPDX-License-Identifier: ISC
#
# clang-tidy, with the checks of .clang-tidy, finds nothing in any C file.
#
# It takes its time, so as many groups of files at once as there are processors.
# The analyzer, which takes most of that, looks at what is installed; tests run
# under sanitizers.

. "${0%/*}/../lib.sh"
requires clang-tidy
cd "$top" || exit 1

flags='-std=c11 -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -Iinclude -Itests'
group=12 # files that one call reads: it takes long to start
export scratch flags

# examine FOLDER CHECKS: what clang-tidy says of its files, with more or fewer
# checks than .clang-tidy has, goes to $scratch/said.*; $scratch/bad is there
# when it was not content.
examine() {
	# shellcheck disable=SC2016 # for the inner shell
	find "$1" -name '*.c' | sort | xargs -n $group -P "$(nproc)" sh -c '
		clang-tidy --quiet --checks="$0" "$@" -- $flags >"$scratch/said.$$" \
			2>"$scratch/told.$$" || {
			cat "$scratch/told.$$" >>"$scratch/said.$$"
			: >"$scratch/bad"
		}' "$2"
}

examine src ''
examine tests '-clang-analyzer-*'
cat "$scratch"/said.* | sed "s|^$top/||" >"$scratch/said"
for file in $(find src tests -name '*.c' | sort); do
	names_no "$file"
done
# Of headers, too, and when it could not do its work.
is "$([ ! -e "$scratch/bad" ] || cat "$scratch/said")" "" \
	"and clang-tidy says so"

done_testing
