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
	*.sh | *.t | *.bash | */APKBUILD) return 0 ;;
	esac
	head -n 1 "$1" | grep -Eqa '^#!.*/(env )?(ba)?sh\b'
}

files=
for file in $(find scripts src/completion tests .ci -type f ! -name '*.[ch]' | sort); do
	if is_shell "$file"; then
		files="$files $file"
	fi
done
# As many at once as there are processors.
# shellcheck disable=SC2086 # many words
printf '%s\n' $files | xargs -n 8 -P "$(nproc)" shellcheck -f gcc -x \
	-P SCRIPTDIR -e SC2317 >"$scratch/said" 2>&1 || touch "$scratch/bad"
for file in $files; do
	names_no "$file"
	case $file in
	*.sh | *.bash | */APKBUILD) ;;
	*) succeeds "$file is executable" test -x "$file" ;;
	esac
done
is "$([ ! -e "$scratch/bad" ] || cat "$scratch/said")" "" \
	"and shellcheck says so"

done_testing
