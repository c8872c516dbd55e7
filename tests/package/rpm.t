#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The RPM package, built by Debian's rpmbuild: rpmlint has nothing to say, each
# file is in its place, and what is in it runs.  No Fedora is here to install it.

. "${0%/*}/../lib.sh"
requires make rpmbuild rpm rpm2cpio cpio rpmlint

copy_tree "$scratch/tree"
packages=$scratch/tree/build/package
succeeds "it is built" "$scratch/tree/scripts/package" rpm
rm -f "$packages"/*-debug*.rpm
like "$(rpmlint -c "$top/scripts/rpm/rpmlint.toml" "$packages"/*.rpm 2>&1)" \
	'^ 2 packages and 0 specfiles checked; 0 errors, 0 warnings' \
	"rpmlint says nothing"

set -- "$packages"/mchat-*."$(rpm --eval %_arch)".rpm
lib=$(rpm --eval %_libdir)
version=$(rpm -qp --queryformat '%{VERSION}' "$1")
is "$(rpm -qlp "$1" | grep -v /.build-id)" "/usr/bin/mchat
$lib/wireshark/plugins/mchat.lua
/usr/share/bash-completion/completions/mchat
/usr/share/doc/mchat-$version
/usr/share/doc/mchat-$version/README.md
/usr/share/doc/mchat-$version/examples
/usr/share/doc/mchat-$version/examples/build-done
/usr/share/doc/mchat-$version/examples/crontab
/usr/share/doc/mchat-$version/examples/post-receive
/usr/share/doc/mchat-$version/examples/system
/usr/share/doc/mchat-$version/examples/system/mchat-log@.service
/usr/share/doc/mchat-$version/examples/user
/usr/share/doc/mchat-$version/examples/user/mchat-log@.service
/usr/share/fish/vendor_completions.d/mchat.fish
/usr/share/licenses/mchat-$version
/usr/share/licenses/mchat-$version/LICENSE
/usr/share/man/ko/man7/mchat-lab.7
/usr/share/man/man1/mchat.1
/usr/share/man/man7/mchat-lab.7
/usr/share/man/man7/mchat-protocol.7
/usr/share/zsh/site-functions/_mchat" "each file is in its place"
is "$(rpm -qp --requires "$1" | grep -v -e '^libc\.' -e '^rpmlib(' \
	-e '^ld-linux' -e '^rtld(')" "" "it needs the C library alone"

mkdir "$scratch/there"
rpm2cpio "$1" | (cd "$scratch/there" && cpio -id --quiet)
is "$("$scratch/there/usr/bin/mchat" -V)" "mchat $version" \
	"the program has the package's version"

done_testing
