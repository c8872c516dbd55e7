#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mandoc finds nothing wrong in the manual pages, and they fit a terminal of 80
# columns, but for lines of a trace; in a list where names and what they mean stand side by side, no name is
# wider than its column.

. "${0%/*}/../lib.sh"
requires mandoc
cd "$top" || exit 1

for page in src/man/*.[0-9] src/man/*/*.[0-9]; do
	[ -e "$page" ] || continue
	succeeds "$page" mandoc -T lint -W warning "$page"
	succeeds "$page: 80 columns" [ "$(mandoc -T utf8 -O width=78 "$page" |
		sed 's/.\x08//g' | grep -v -e ' -> STATE ' |
		LC_ALL=C.UTF-8 wc -L)" -le 80 ]
	is "$(awk -F '"' '
		/^\.Bl -tag .*-width "/ { width = length($2); next }
		/^\.[BE]l/ { width = 0 }
		/^\.It/ && width && length(substr($0, 5)) > width' "$page")" "" \
		"$page: names fit their column"
done

done_testing
