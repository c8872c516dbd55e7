#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The tree obeys the include rules, and scripts/layering notices when a small
# tree of its own stops obeying them.

. "${0%/*}/../lib.sh"

# plant FILE LINE...: writes a file of the small tree.
plant() {
	mkdir -p "$(dirname "$tree/$1")"
	planted=$tree/$1
	shift
	printf '%s\n' "$@" >"$planted"
}

fresh_tree() {
	tree=$scratch/tree
	rm -rf "$tree"
	plant include/mchat/base/time.h '#include <stdint.h>'
	plant include/mchat/protocol/event.h '#include "mchat/base/time.h"'
	plant include/mchat/protocol/wire.h '#include <stddef.h>'
	plant include/mchat/network/group.h '#include <stddef.h>'
	plant include/mchat/options.h '#include "mchat/base/time.h"'
	plant src/base/time.c '#include "mchat/base/time.h"' '#include <time.h>'
	plant src/protocol/wire.c '#include "mchat/protocol/wire.h"' \
		'#include "mchat/base/time.h"' '// #include "mchat/view/text.h"'
	plant src/network/group.c '#define _GNU_SOURCE' \
		'#include "mchat/network/group.h"' '#include <sys/socket.h>'
	plant src/main.c '#include <stdio.h>' '#include "mchat/options.h"' \
		'#include "mchat/network/group.h"'
}

# notices WHERE-AND-WHAT NAME: complains about the tree in these words.
notices() {
	if printed=$("$top/scripts/layering" "$tree"); then
		not_ok "$2"
	else
		like "$printed" "^$1" "$2"
	fi
	fresh_tree
}

succeeds "the tree obeys" "$top/scripts/layering"

fresh_tree
succeeds "a small tree obeys" "$top/scripts/layering" "$tree"

plant src/base/time_unit.def 'int x;'
plant src/base/time.c '#include "mchat/base/time.h"' '#include "time_unit.def"'
succeeds "a body of a file's own" "$top/scripts/layering" "$tree"
plant src/protocol/wire.c '#include "mchat/protocol/wire.h"' \
	'#include "time_unit.def"'
notices 'src/protocol/wire.c:2: write includes as ' \
	"a body that is another file's"

plant src/base/time_unit.def '#include "mchat/options.h"'
notices 'src/base/time_unit.def:1: base may not include top$' \
	"what such a body includes"

plant include/mchat/network/group.h '' '#include "mchat/protocol/wire.h"'
notices 'include/.*group.h:2: network may not include protocol$' \
	"a neighbour on the same floor"

plant include/mchat/base/time.h '#  include <mchat/options.h>'
notices 'include/.*time.h:1: base may not include top$' \
	"an upper floor, with spaces and angle brackets"

plant include/mchat/view/text.h '#include "mchat/protocol/event.h"'
succeeds "view may include protocol's events" "$top/scripts/layering" "$tree"
plant include/mchat/view/text.h '#include "mchat/protocol/wire.h"'
notices 'include/.*text.h:1: view may not include protocol$' \
	"a header of a folder of which only another one is allowed"

plant include/mchat/network/group.h '#include "mchat/network/batch.h"'
plant include/mchat/network/batch.h '#include "mchat/network/socket.h"'
plant include/mchat/network/socket.h '#include "mchat/network/group.h"'
notices 'include/mchat/network/.*.h:1: cycle: network/([a-z]* -> network/){3}[a-z]*$' "a cycle of three headers"

plant include/mchat/base/text.h '#include "mchat/base/time.h"'
plant src/base/time.c '#include "mchat/base/time.h"' \
	'#include "mchat/base/text.h"'
notices '.*:[12]: cycle: base/([a-z]* -> base/){2}[a-z]*$' "a cycle through a .c file"

plant src/network/group.c '#include "mchat/network/group.h"' \
	'#include "../protocol/wire.h"'
notices 'src/network/group.c:2: write includes as' "a relative path"

plant src/network/group.c '#include "mchat/network/group.h"' \
	'#include "mchat/base/../protocol/wire.h"'
notices 'src/network/group.c:2: write includes as' \
	"a relative path behind an allowed folder"

plant src/gadget/thing.c '#include "mchat/gadget/thing.h"'
notices 'src/gadget/thing.c:1: folder gadget is not' "an unknown folder"

plant src/network/group.c '#include <stdio.h>' \
	'#include "mchat/network/group.h"'
notices 'src/network/group.c:1: must include its own' "own header not first"

plant src/network/group.c 'int x;'
notices 'src/network/group.c:1: must include its own' "own header missing"

plant src/protocol/wire.c '#include "mchat/protocol/wire.h"' \
	'#include <time.h>'
notices 'src/protocol/wire.c:2: protocol is pure' "a clock in protocol"

plant src/network/group.c '#include "mchat/network/group.h"' \
	'#include GROUP_HEADER'
notices 'src/network/group.c:2: names no file' "a computed include"

done_testing
