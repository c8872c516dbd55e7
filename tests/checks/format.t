#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every C file has the format of .clang-format ("make format" gives it).

. "${0%/*}/../lib.sh"
requires clang-format
cd "$top" || exit 1

for file in $(find src include tests -name '*.[ch]' | sort); do
	succeeds "$file" clang-format --dry-run -Werror "$file"
done

done_testing
