#!/bin/sh
# SPDX-License-Identifier: ISC
#
# No Python file gives pyflakes anything to say, and none has a long line or a
# long function.

. "${0%/*}/../lib.sh"
requires python3 pyflakes3
cd "$top" || exit 1

# faults FILE...: "FILE: long line N" or "FILE: long function NAME", where it has
# more than 80 columns, or 60 lines.
faults() {
	python3 -B - "$@" <<-'END'
		import ast, sys
		for path in sys.argv[1:]:
		    text = open(path).read()
		    for number, line in enumerate(text.splitlines(), 1):
		        if len(line) > 80:
		            print(f"{path}: long line {number}")
		    for node in ast.walk(ast.parse(text)):
		        if (isinstance(node, ast.FunctionDef)
		                and node.end_lineno - node.lineno >= 60):
		            print(f"{path}: long function {node.name}")
	END
}

# One call for all: Python takes longer to start than to read a file.
files=$(find scripts tests -type f -name '*.py' | sort)
# shellcheck disable=SC2086 # many words
{
	pyflakes3 $files >"$scratch/flakes" 2>&1 || touch "$scratch/bad"
	faults $files >"$scratch/faults" 2>&1 || touch "$scratch/bad"
}
cat "$scratch/flakes" "$scratch/faults" >"$scratch/said"
[ ! -s "$scratch/said" ] || touch "$scratch/bad"
for file in $files; do
	names_no "$file"
done
is "$([ ! -e "$scratch/bad" ] || cat "$scratch/said")" "" \
	"and pyflakes and the limits of the house say so"

done_testing
