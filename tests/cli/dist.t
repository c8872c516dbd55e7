#!/bin/sh
# SPDX-License-Identifier: ISC
#
# make dist: the same tree gives the same file, and what is in it builds, without
# git and in another folder, the same program.

. "${0%/*}/../lib.sh"
requires make tar gzip
[ "$MCHAT" = "$top/mchat" ] || skip_all "compares what make builds by itself"

clean() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u VARIANT -u PORTABLE -u V -u DESTDIR \
		-u SOURCE_DATE_EPOCH "$@"
}

version=$(sed -n 's/.*MCHAT_VERSION "\(.*\)"/\1/p' \
	"$top/include/mchat/version.h")
packed=mchat-$version.tar.gz

mkdir "$scratch/b"
copy_tree "$scratch/a" || exit 1

succeeds "make dist" clean make -s -C "$scratch/a" dist
mv "$scratch/a/$packed" "$scratch/first"
# Later, with other rights, and with files that are younger.
find "$scratch/a" -name '*.c' -exec touch {} +
chmod -R g+w "$scratch/a"
succeeds "again" clean make -s -C "$scratch/a" dist
succeeds "gives the same file" cmp "$scratch/first" "$scratch/a/$packed"

is "$(tar -tvzf "$scratch/first" | awk '{ print $2, $4, $5 }' | sort -u | wc -l)" \
	1 "all in it is root's and equally old"

tar -C "$scratch/b" -xzf "$scratch/first" || exit 1
succeeds "what is in it packs itself" \
	clean make -s -C "$scratch/b/mchat-$version" dist
succeeds "to the same file" \
	cmp "$scratch/first" "$scratch/b/mchat-$version/$packed"

succeeds "and builds" clean make -s -C "$scratch/b/mchat-$version"
succeeds "the same program as here" \
	cmp "$scratch/b/mchat-$version/mchat" "$MCHAT"

done_testing
