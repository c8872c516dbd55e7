#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each function of mchat that other files can see is called by one of them: what
# nothing calls is dead, and what only its own file calls is static.  Tests do
# not count.

. "${0%/*}/../lib.sh"
requires nm
[ -d "$BUILD/src" ] || skip_all "nothing is built"

# editor_content: the tests compare with it what a terminal shows.
# chacha_lanes_max, poly1305_is_narrow, gf256_kernel_max, gf256_kernel: tests and
# benchmarks try each variant.  gf256_multiply: tests compare it with the field.
exceptions='main editor_content chacha_lanes_max poly1305_is_narrow
	gf256_kernel_max gf256_kernel gf256_multiply'

# symbols: "D name file" for what an object defines, "U name" for what it wants.
# One nm for all, which names the object in each line.
symbols() {
	(cd "$BUILD" && find "$top/src" -path "$top/src/lab/code" -prune -o \
		-name '*.c' -print | sed "s|^$top/||; s|c\$|o|" | sort |
		xargs nm -A -g) | awk '
		$2 == "U" { print "U", $3 }
		$2 ~ /^[TDRB]$/ { sub(/o:.*/, "c", $1); print "D", $3, $1 }'
}

symbols >"$scratch/symbols"
is "$(awk -v exceptions="$exceptions" '
	BEGIN {
		count = split(exceptions, names)
		while (count > 0)
			wanted[names[count--]] = 1
	}
	$1 == "U" { wanted[$2] = 1 }
	$1 == "D" { file[$2] = $3 }
	END {
		for (name in file)
			if (!(name in wanted))
				print file[name] ": " name
	}' "$scratch/symbols" | sort)" "" "nothing is seen by others in vain"
succeeds "and much is seen" [ "$(grep -c '^D ' "$scratch/symbols")" -gt 300 ]

done_testing
