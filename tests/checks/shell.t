#!/bin/sh
# SPDX-License-Identifier: ISC
#
# No shell file gives shellcheck anything to say; each is either executable or
# made to be sourced.  SC2317 stays off: it takes what is called through "$@"
# for unreachable.

. "${0%/*}/../lib.sh"
requires shellcheck
cd "$top" || exit 1

is_shell() {
	case $1 in
	*.sh | *.t | *.bash) return 0 ;;
	esac
	head -n 1 "$1" | grep -Eqa '^#!.*/(env )?(ba)?sh\b'
}

for file in $(find scripts src/completion tests .ci -type f ! -name '*.[ch]' | sort); do
	is_shell "$file" || continue
	succeeds "$file" shellcheck -x -P SCRIPTDIR -e SC2317 "$file"
	case $file in
	*.sh | *.bash) ;;
	*) succeeds "$file is executable" test -x "$file" ;;
	esac
done

done_testing
