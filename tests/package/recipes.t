#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What Alpine and Homebrew build from.  Neither is here: the functions of the
# APKBUILD run as abuild calls them, with a compiler for musl, and the formula is
# played by formula.rb, which does of Homebrew what it asks for.

. "${0%/*}/../lib.sh"
requires make musl-gcc ruby

copy_tree "$scratch/tree"
version=$(sed -n 's/.*MCHAT_VERSION "\(.*\)"/\1/p' \
	"$top/include/mchat/version.h")
made=$scratch/tree/build/package
unset MAKEFLAGS MFLAGS MAKELEVEL VARIANT WERROR

# files FOLDER
files() {
	(cd "$1" && find . -type f | sort)
}

# ---- Alpine ----

is "$("$scratch/tree/scripts/package" alpine)" "$made/alpine/APKBUILD" \
	"an APKBUILD is made"

# What abuild does of the work, in a shell of its own.
cat >"$scratch/abuild" <<'END'
startdir=$1 srcdir=$2 pkgdir=$3
. "$startdir/APKBUILD"
for field in pkgname pkgver pkgrel pkgdesc url arch license source; do
	eval "[ -n \"\$$field\" ]"
done
[ "${#pkgdesc}" -lt 128 ]
cd "$startdir" && echo "$sha512sums" | grep . | sha512sum -c --quiet - &&
	mkdir "$srcdir" && tar -C "$srcdir" -xzf "$source" &&
	cd "$srcdir/$pkgname-$pkgver" && build && package
END
succeeds "it builds and packs" env CC=musl-gcc \
	CFLAGS="-Os -fstack-clash-protection" MAKEFLAGS="-s -j$(nproc)" \
	sh -ex "$scratch/abuild" "$made/alpine" "$scratch/src" "$scratch/pkg"
is "$(files "$scratch/pkg")" "./usr/bin/mchat
./usr/lib/wireshark/plugins/mchat.lua
./usr/share/bash-completion/completions/mchat
./usr/share/doc/mchat/README.md
./usr/share/doc/mchat/examples/build-done
./usr/share/doc/mchat/examples/crontab
./usr/share/doc/mchat/examples/post-receive
./usr/share/doc/mchat/examples/system/mchat-log@.service
./usr/share/doc/mchat/examples/user/mchat-log@.service
./usr/share/fish/vendor_completions.d/mchat.fish
./usr/share/licenses/mchat/LICENSE
./usr/share/man/ko/man7/mchat-lab.7
./usr/share/man/man1/mchat.1
./usr/share/man/man7/mchat-lab.7
./usr/share/man/man7/mchat-protocol.7
./usr/share/zsh/site-functions/_mchat" "each file is in its place"
is "$("$scratch/pkg/usr/bin/mchat" -V)" "mchat $version" "the program runs"

# ---- Homebrew ----

is "$("$scratch/tree/scripts/package" homebrew)" "$made/homebrew/mchat.rb" \
	"a formula is made"
is "$(ruby -wc "$made/homebrew/mchat.rb" 2>&1)" "Syntax OK" "ruby says nothing of it"
is "$(ruby "${0%/*}/formula.rb" "$made/homebrew/mchat.rb" \
	"$scratch/src/mchat-$version" "$scratch/cellar" 2>&1)" "$version" \
	"it installs, and its test passes"
is "$(files "$scratch/cellar")" "./bin/mchat
./share/bash-completion/completions/mchat
./share/fish/vendor_completions.d/mchat.fish
./share/man/ko/man7/mchat-lab.7
./share/man/man1/mchat.1
./share/man/man7/mchat-lab.7
./share/man/man7/mchat-protocol.7
./share/mchat/examples/build-done
./share/mchat/examples/crontab
./share/mchat/examples/post-receive
./share/mchat/examples/system/mchat-log@.service
./share/mchat/examples/user/mchat-log@.service
./share/mchat/mchat.lua
./share/zsh/site-functions/_mchat" "each file is in its place"

done_testing
