#!/bin/sh
# SPDX-License-Identifier: ISC
#
# clang-tidy, with the checks of .clang-tidy, finds nothing in any C file.
#
# It takes its time, so as many files at once as there are processors, the
# longest first; and what was found good once is good as long as it, what it
# includes, the checks and clang-tidy stay the same.  The analyzer, which takes
# most of that, looks at what is installed; tests run under sanitizers.

. "${0%/*}/../lib.sh"
requires clang clang-tidy
cd "$top" || exit 1

flags='-std=c11 -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -Iinclude -Itests'
good=$BUILD/tidy
tool=$({
	cat .clang-tidy
	clang-tidy --version
} | cksum)
export scratch flags good tool
mkdir -p "$good"

# Prints "file: status" for each file; what clang-tidy says is in
# $scratch/NAME.
examine() {
	# shellcheck disable=SC2016 # for the inner shell
	find src tests -name '*.c' -exec wc -c {} \; | sort -rn |
		awk '{ print $2 }' | xargs -n 1 -P "$(nproc)" sh -c '
		name=$(echo "$1" | tr / _)
		sum=$tool:$(clang -E -CC $flags "$1" | cksum)
		status=0
		[ "$(cat "$good/$name" 2>/dev/null)" = "$sum" ] || {
			case $1 in
			tests/*) less=--checks=-clang-analyzer-* ;;
			*) less= ;;
			esac
			clang-tidy --quiet $less "$1" -- $flags \
				>"$scratch/$name" 2>&1
			status=$?
			[ $status -ne 0 ] || echo "$sum" >"$good/$name"
		}
		echo "$1: $status"' -
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
