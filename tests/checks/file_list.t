#!/bin/sh
# SPDX-License-Identifier: ISC
#
# src/README.md has a line for each file of src and include, and none for a file
# that is not there.

. "${0%/*}/../lib.sh"

# listed FILE: the modules of the tables of "Every file", as folder/name.
listed() {
	awk '
		/^## / { is_list = $0 == "## Every file" }
		!is_list { next }
		/^### / { folder = $2; sub(/[:,]$/, "", folder) }
		/^\| `/ {
			split($0, parts, "`")
			name = parts[2]
			if (name !~ "/" && folder != "top")
				name = folder "/" name
			print name
		}' "$1"
}
# present: the modules of the tree, those that differ by system once, as _linux; the
# programs of src/lab/code are no modules.
present() {
	(cd "$top" && find src include -path src/lab/code -prune -o \
		-name '*.[ch]' -print) |
		sed -n 's#^src/\(.*\)\.c$#\1 code#p
			s#^include/mchat/\(.*\)\.h$#\1#p' | sort -u |
		awk '
			{
				modules[$1] = 1
				if ($2)
					has_code[$1] = 1
			}
			END {
				for (module in modules)
					if ((!((module "_linux") in modules) ||
						has_code[module]) &&
						module !~ /_posix$/)
						print module
			}' | sort
}

present >"$scratch/present"
listed "$top/src/README.md" | sort >"$scratch/listed"
is "$(comm -23 "$scratch/present" "$scratch/listed")" "" \
	"every file has its line in src/README.md"
is "$(comm -13 "$scratch/present" "$scratch/listed")" "" \
	"every line there has its file"
is "$(uniq -d "$scratch/listed")" "" "no file has two"

# shellcheck disable=SC2016 # backticks of Markdown
sed '/^| `reassembly`/d' "$top/src/README.md" >"$scratch/lacking.md"
is "$(listed "$scratch/lacking.md" | sort |
	comm -23 "$scratch/present" -)" "protocol/reassembly" \
	"a line that is missing is noticed"

# The functions that the flows name are there.
# shellcheck disable=SC2016
flows=$(sed -n '/^## The flows/,/^## Words/p' "$top/src/README.md" |
	grep -o '`[a-z_]*`' | tr -d '`' | grep _ | sort -u)
missing=
for name in $flows; do
	grep -rqw "$name" "$top/include" "$top/src" --include='*.[ch]' ||
		missing="$missing $name"
done
is "$missing" "" "every function that the flows name is there"

done_testing
