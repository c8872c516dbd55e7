#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each header compiles alone, and twice, with the house's warnings.  The type
# after it is for those of macros only: ISO C wants something declared.

. "${0%/*}/../lib.sh"
cd "$top" || exit 1

# shellcheck disable=SC2016 # for make
flags=$(make -s --no-print-directory \
	--eval='house-flags: ; @echo $(standard) $(warnings)' house-flags)

compiles() {
	# shellcheck disable=SC2086 # a list of options
	printf '#include "%s"\n#include "%s"\ntypedef int end;\n' "$1" "$1" |
		$CC $flags -Werror -fsyntax-only -x c -
}

for header in $(cd include && find mchat -name '*.h' | sort); do
	succeeds "$header" compiles "$header"
done

done_testing
