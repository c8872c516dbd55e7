#!/bin/sh
# SPDX-License-Identifier: ISC
#
# An mchat for another processor, under EMULATOR, and the one of this machine give
# each other 500 lines on the loopback interface: in the open, and with a key.
# scripts/cross sets EMULATOR.

. "${0%/*}/../lib.sh"
[ -n "${EMULATOR-}" ] || skip_all "scripts/cross runs this"

foreign="$EMULATOR $BUILD/mchat"
group=$own_address:5119

is "$($foreign -V)" "$("$MCHAT" -V)" "it tells its version"
$foreign key new "$scratch/key" >/dev/null || exit 1
is "$($foreign key show "$scratch/key" 2>&1)" \
	"$("$MCHAT" key show "$scratch/key" 2>&1)" \
	"a key is the same to both"
numbered 500 >"$scratch/lines"

# gives NAME WRITER READER [OPTION]...
gives() {
	name=$1 writer=$2 reader=$3
	shift 3
	# shellcheck disable=SC2086 # commands with their arguments
	start reader $reader -R -v -i lo -n reader -f bare -c 500 -T 60 "$@" \
		"$group"
	is_in reader
	# shellcheck disable=SC2086
	$writer -v -i lo -n writer -w 1 -T 60 "$@" "$group" \
		<"$scratch/lines" >"$scratch/said" 2>&1
	is $? 0 "$name: every line is confirmed"
	finish reader
	is $? 0 "$name: the reader has as many as it wants"
	succeeds "$name: they are the lines" \
		cmp "$scratch/reader.out" "$scratch/lines"
	like "$(cat "$scratch/reader.err")" "lost 0, " "$name: none was lost"
}

gives "to here" "$foreign" "$MCHAT"
gives "from here" "$MCHAT" "$foreign"
gives "to here, sealed" "$foreign" "$MCHAT" -k "$scratch/key"
gives "from here, sealed" "$MCHAT" "$foreign" -k "$scratch/key"

done_testing
