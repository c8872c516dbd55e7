#!/bin/sh
# SPDX-License-Identifier: ISC
#
# clang-tidy, with the checks of .clang-tidy, finds nothing in any C file.

. "${0%/*}/../lib.sh"
requires clang-tidy
cd "$top" || exit 1

# Prints "file: status" for each file, two at a time; what clang-tidy says is
# in $scratch/NAME.
examine() {
	export scratch
	# shellcheck disable=SC2016 # for the inner shell
	find src tests -name '*.c' | sort | xargs -n 1 -P 2 sh -c '
		clang-tidy --quiet "$1" -- -std=c11 -D_XOPEN_SOURCE=700 \
			-D_DEFAULT_SOURCE -Iinclude -Itests \
			>"$scratch/$(echo "$1" | tr / _)" 2>&1
		echo "$1: $?"' -
}

results=$(examine)
for file in $(find src tests -name '*.c' | sort); do
	case $results in
	*"$file: 0"*) ok "$file" ;;
	*)
		not_ok "$file"
		note "$(cat "$scratch/$(echo "$file" | tr / _)")"
		;;
	esac
done

done_testing
