#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mandoc finds nothing wrong in the manual pages.

. "${0%/*}/../lib.sh"
requires mandoc
cd "$top" || exit 1

for page in src/man/*.[0-9]; do
	[ ! -e "$page" ] ||
		succeeds "$page" mandoc -T lint -W warning "$page"
done

done_testing
