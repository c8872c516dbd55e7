#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What the Makefile does with what its user sets: flags, folders with a blank in
# their names, a tree that git does not hold.  Nothing of it takes long: commands
# are looked at rather than run, and one small file is compiled.

# shellcheck disable=SC2016 # the shell of make expands them

. "${0%/*}/../lib.sh"
requires make tar

# clean COMMAND...: without what the make that runs this test hands down.
clean() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u VARIANT -u PORTABLE -u WERROR -u V \
		-u CFLAGS -u CPPFLAGS -u LDFLAGS -u PREFIX -u DESTDIR "$@"
}

# copy FOLDER: as much of the tree as takes part in this.
copy() {
	mkdir -p "$1/src/base" "$1/scripts" &&
		cp -R "$top/Makefile" "$top/include" "$1" &&
		cp -R "$top/src/man" "$top/src/completion" "$1/src" &&
		cp "$top/src/base/number.c" "$1/src/base" &&
		cp "$top/scripts/dist" "$top/scripts/remove-empty" "$1/scripts" &&
		echo "no program" >"$1/mchat"
}

object=build/release/src/base/number.o

# compiling [NAME=VALUE]...: how that file is compiled with these in the
# environment, less our own flags that name a folder.
compiling() {
	clean "$@" make -C "$scratch/a" -n V=1 $object | grep -e ' -c '
}

copy "$scratch/a" && copy "$scratch/b c" || exit 1

# ---- flags ----

like "$(compiling)" ' -O2 -g ' "CFLAGS have a default"
like "$(compiling CFLAGS=-Os)" ' -Os ' "CFLAGS of the environment are taken"
fails "and the default is not" grep -e -O2 <<-END
	$(compiling CFLAGS=-Os)
END
like "$(clean make -C "$scratch/a" -n V=1 $object CFLAGS=-O3)" ' -O3 ' \
	"and those of the command line"
is "$(compiling | grep -o -e '-D_FORTIFY_SOURCE=.')" -D_FORTIFY_SOURCE=3 \
	"the C library checks what it can"
for flags in CPPFLAGS CFLAGS; do
	is "$(compiling "$flags=-O2 -D_FORTIFY_SOURCE=2" |
		grep -o -e '-D_FORTIFY_SOURCE=.')" -D_FORTIFY_SOURCE=2 \
		"or what $flags say"
done
is "$(compiling CFLAGS='-O2 -O0' | grep -o -e '-D_FORTIFY_SOURCE=.')" "" \
	"which takes optimization"

# debian NAME: what its packages are compiled with.
debian() {
	(cd "$scratch/a" && dpkg-buildflags --get "$1")
}
if [ -x /usr/bin/dpkg-buildflags ]; then
	is "$(clean CFLAGS="$(debian CFLAGS)" CPPFLAGS="$(debian CPPFLAGS)" \
		make -C "$scratch/a" -s $object 2>&1)" "" \
		"with Debian's flags the compiler has nothing to say"
	rm -f "$scratch/a/$object"
else
	skip "Debian's flags" "dpkg-buildflags is missing"
fi

# ---- what make says, and makes ----

is "$(clean make --no-print-directory -C "$scratch/a" $object 2>&1)" \
	"  CC   $object" "make says a line a file"
rm "$scratch/a/$object"
is "$(clean make -s -C "$scratch/a" $object 2>&1)" "" "with -s none"
rm "$scratch/a/$object"
like "$(clean make -C "$scratch/a" $object V=1 2>&1)" ' -c -o ' \
	"with V=1 the command"
clean make -s -C "$scratch/b c" $object
succeeds "in another folder the same comes out" \
	cmp "$scratch/a/$object" "$scratch/b c/$object"

# ---- install, uninstall ----

# laid FOLDER: what is in it.
laid() {
	(cd "$1" && find . -mindepth 1 | sort)
}

# install WHERE NAME=VALUE...: there and back, as a check that all comes in
# WHERE and goes again, and that the tree stays as it is.
installs() {
	where=$1
	shift
	mkdir -p "$where"
	before=$(laid "$scratch/b c")
	# The program is as old as it may be.
	clean make -s -C "$scratch/b c" -o mchat install "$@"
	is $? 0 "install: $*"
	is "$(laid "$where" | grep -c -e '/bin/mchat$' -e '/man1/mchat\.1$' \
		-e '/man7/mchat-.*\.7$' -e '/completions/mchat$' \
		-e '/site-functions/_mchat$' -e '/mchat\.fish$')" 8 \
		"the files are there"
	succeeds "the Korean page is where man looks for it" \
		[ -n "$(find "$where" -path '*/man/ko/man7/mchat-lab.7')" ]
	is "$(laid "$scratch/b c")" "$before" "the tree is as before"
	clean make -s -C "$scratch/b c" -o mchat uninstall "$@" >/dev/null
	is $? 0 "uninstall: $*"
}

installs "$scratch/x/d e" DESTDIR="$scratch/x/d e"
is "$(laid "$scratch/x")" "./d e" "nothing is left, not even a folder"
installs "$scratch/x/d e/p" PREFIX="$scratch/x/d e/p"
is "$(laid "$scratch/x/d e")" "./p" "nor with a PREFIX"
mkdir "$scratch/x/d e/bin"
echo other >"$scratch/x/d e/bin/other"
installs "$scratch/x/d e" DESTDIR="$scratch/x/d e" PREFIX=
is "$(laid "$scratch/x/d e")" "./bin
./bin/other
./p" "what others have there stays"

# ---- dist ----

version=$(sed -n 's/.*MCHAT_VERSION "\(.*\)"/\1/p' \
	"$top/include/mchat/version.h")
clean make -s -C "$scratch/b c" dist 2>"$scratch/dist.err"
is "$? $(cat "$scratch/dist.err")" "0 " "dist needs no git"
mkdir "$scratch/unpacked"
tar -C "$scratch/unpacked" -xzf "$scratch/b c/mchat-$version.tar.gz"
(cd "$scratch/b c" && rm -r mchat mchat-*.tar.gz build)
succeeds "it packs all that was not built" \
	diff -r "$scratch/b c" "$scratch/unpacked/mchat-$version"

done_testing
