#!/bin/sh
# SPDX-License-Identifier: ISC
#
# cppcheck finds nothing in the sources.

. "${0%/*}/../lib.sh"
requires cppcheck
cd "$top" || exit 1

succeeds "src" cppcheck --quiet --error-exitcode=1 --std=c11 -j 2 \
	--enable=warning,performance,portability --inline-suppr \
	--suppress=missingIncludeSystem -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE \
	-D__linux__ -Iinclude src

done_testing
