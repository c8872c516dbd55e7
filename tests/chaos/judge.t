#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The judge of make chaos notices what it should: doubles, disorder, untold
# holes, wrong counts, silent beginnings and ends, false exit statuses.

. "${0%/*}/../lib.sh"
requires python3

python3 -B "$top/tests/chaos/judge_test.py"
