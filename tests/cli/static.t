#!/bin/sh
# SPDX-License-Identifier: ISC
#
# make static: one file, in a folder that holds nothing else and is the whole
# file system: no C library, no /etc, no /proc, no /dev, no terminfo.

. "${0%/*}/../lib.sh"
requires make musl-gcc unshare chroot script readelf

root=$scratch/root
mkdir "$root"
unshare -Ur true 2>/dev/null || skip_all "no user namespaces"

env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u PORTABLE make -s -C "$top" static \
	>"$scratch/make" 2>&1
is "$? $(cat "$scratch/make")" "0 " "make static says nothing"
cp "$top/build/static/mchat" "$root/mchat" || exit 1

fails "it wants no program interpreter" \
	grep INTERP <<-END
		$(readelf -lW "$root/mchat")
	END
fails "nor a library" grep NEEDED <<-END
	$(readelf -dW "$root/mchat")
END

# alone COMMAND...: where there is only mchat.
alone="unshare -Ur chroot $root /mchat"
group=$own_address:5117

is "$($alone -V)" "$("$MCHAT" -V)" "it tells its version"

# shellcheck disable=SC2086 # a command with its arguments
start reader $alone -R -v -i lo -n reader -f bare -c 2 -T 60 "$group"
is_in reader
# shellcheck disable=SC2086 # as above
printf 'one\ntwo\n' | $alone -i lo -n writer -w 1 "$group" \
	>"$scratch/writer" 2>&1
is $? 0 "a pipe is confirmed"
finish reader
is "$? $(cat "$scratch/reader.out")" "0 one
two" "and read"

# At a terminal, with a nick that no /etc/passwd tells.
# shellcheck disable=SC2086 # as above
start other $alone -R -v -i lo -n other -f bare -c 1 -T 60 "$group"
is_in other
start_open typist env -u LOGNAME -u USER TERM=xterm \
	script -qec "$alone -i lo $group" /dev/null
prepared grep -q other "$scratch/typist.out"
say typist "typed here"
finish other
is "$? $(cat "$scratch/other.out")" "0 typed here" "a chat at a terminal is heard"
say typist /quit
finish typist
is $? 0 "and ends"

# shellcheck disable=SC2086 # as above
$alone doctor -i lo -f json "$group" >"$scratch/doctor" 2>&1
status=$?
succeeds "the doctor comes to a finding" [ "$status" -le 1 ]
like "$(cat "$scratch/doctor")" '"cause":' "and names a cause"

done_testing
