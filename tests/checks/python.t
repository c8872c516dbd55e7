#!/bin/sh
# SPDX-License-Identifier: ISC
#
# No Python file gives pyflakes anything to say, and none has a long line or a
# long function.

. "${0%/*}/../lib.sh"
requires python3 pyflakes3
cd "$top" || exit 1

# long_functions FILE: those of more than 60 lines.
long_functions() {
	python3 -B - "$1" <<-'END'
		import ast, sys
		tree = ast.parse(open(sys.argv[1]).read())
		for node in ast.walk(tree):
		    if isinstance(node, ast.FunctionDef):
		        if node.end_lineno - node.lineno >= 60:
		            print(node.name)
	END
}

for file in $(find scripts tests -type f -name '*.py' | sort); do
	succeeds "$file" pyflakes3 "$file"
	is "$(grep -En '^.{81}' "$file")" "" "$file: lines of 80 columns"
	is "$(long_functions "$file")" "" "$file: functions of 60 lines"
done

done_testing
