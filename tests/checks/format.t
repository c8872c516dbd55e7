#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every C file has the format of .clang-format ("make format" gives it).

. "${0%/*}/../lib.sh"
requires clang-format
cd "$top" || exit 1

# One call for all: it takes longer to start than to read a file.
files=$(find src include tests -name '*.[ch]' | sort)
# shellcheck disable=SC2086 # many words
clang-format --dry-run -Werror $files 2>"$scratch/said" || touch "$scratch/bad"
for file in $files; do
	names_no "$file"
done
is "$([ ! -e "$scratch/bad" ] || grep -c error: "$scratch/said")" "" \
	"and clang-format says so"

done_testing
