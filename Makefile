# mchat: multicast group chat.  `make help` lists the targets.
# CFLAGS, CPPFLAGS, LDFLAGS, CC, PREFIX and DESTDIR are yours to set, in the
# environment or as an argument; V=1 shows each command whole.
# VARIANT=asan and WERROR=1 are what CI sets.

PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
VARIANT = release
FUZZ_SECONDS = 60
CFLAGS  ?= $(or $(optimize_$(VARIANT)),-O2 -g)

VERSION := $(shell sed -n 's/.*MCHAT_VERSION "\(.*\)"/\1/p' \
	include/mchat/version.h)

# What systems do in ways of their own: NAME_linux.c, or with PORTABLE=1 its twin
# NAME_posix.c for every other system.
system   := $(shell uname)
PORTABLE ?= $(filter-out Linux,$(system))
other    := $(if $(PORTABLE),linux,posix)
# Elsewhere the first two would hide what the BSDs have beside POSIX.
features := $(if $(filter Linux,$(system)),-D_XOPEN_SOURCE=700 \
	-D_DEFAULT_SOURCE,-D_DARWIN_C_SOURCE)

# Times after 2038 and files of more than 2 GiB on 32-bit systems, too.
standard := -std=c11 $(features) -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -Iinclude
warnings := -pedantic -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wcast-qual \
	-Wundef -Wvla -Wformat=2 -Wconversion -Wsign-conversion \
	-Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion
warnings += $(if $(WERROR),-Werror)

# Where CFLAGS or CPPFLAGS have a say of their own, as Debian's have, theirs
# holds; without optimization the C library only warns.
yours   = $(CPPFLAGS) $(CFLAGS)
fortify = -U_FORTIFY_SOURCE $(if $(findstring _FORTIFY_SOURCE,$(yours)),,$(if \
	$(filter-out -O0,$(lastword $(filter -O%,$(yours)))),-D_FORTIFY_SOURCE=3))
# The program is the same wherever it is built.
anywhere := -ffile-prefix-map="$(CURDIR)=."

# What each line passes through is optimized as one, where the compiler knows
# how, which is asked once: a fifth fewer instructions for 8 KiB, where all of
# the program would take 40.  What takes the same time whatever the secret stays
# as it was compiled alone.  The objects hold machine code, too, from which tests
# are linked: as one, that would take minutes.
as_one := -flto=auto -ffat-lto-objects
lto = $(eval lto := $(shell echo 'int main(void) { return 0; }' | $(CC) \
	-Werror $(as_one) -x c -o /dev/null - 2>/dev/null && echo '$(as_one)'))$(lto)
lto_release = $(lto)
lto_musl    = $(lto)

# Nothing unwinds the stack but a debugger, which has .debug_frame.
flags_release = $(fortify) $(anywhere) -fno-asynchronous-unwind-tables \
	-fstack-protector-strong \
	-fstack-clash-protection -fPIE
link_release  := $(if $(filter Darwin,$(system)),,-pie -Wl,-z,relro,-z,now)
flags_clang   = $(flags_release)
link_clang    := $(link_release)
# musl's macros for select and control messages mix signs.
flags_musl    := $(anywhere) -fPIE -fstack-protector-strong -Wno-sign-conversion
link_musl     := $(link_release)
optimize_asan  := -O1 -g
flags_asan    := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
link_asan     := -fsanitize=address,undefined
optimize_cover := -O0 -g
# The fuzzer itself comes in when linking.
optimize_fuzz := -O1 -g
flags_fuzz    := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
link_fuzz     := -fsanitize=fuzzer,address,undefined
flags_cover   := --coverage
link_cover    := --coverage

compile = $(if $(flags_as_one),PWD=/proc/self/cwd) $(CC) $(standard) \
	$(warnings) $(flags_$(VARIANT)) $(flags_as_one) $(CPPFLAGS) $(CFLAGS)
link    = $(CC) $(flags_$(VARIANT)) $(link_$(VARIANT)) $(CFLAGS) $(LDFLAGS)
# The folder goes by the same name as when compiling: if not, the linker names each
# source by a path that leads there over as many ".." as the folder is deep.
link_program = $(if $(lto_$(VARIANT)),PWD=/proc/self/cwd) $(link) \
	$(lto_$(VARIANT))
link_test    = $(link) $(if $(lto_$(VARIANT)),-fno-lto)

build   := build/$(VARIANT)$(if $(PORTABLE),-portable)
program := $(if $(filter build/release,$(build)),mchat,$(build)/mchat)

# In one order everywhere.
sources := $(filter-out %_$(other).c,$(sort $(wildcard src/*.c src/*/*.c)))
objects := $(sources:%.c=$(build)/%.o)
# All but main: what tests and benchmarks link.
library := $(build)/libmchat.a
parts   := $(filter-out $(build)/src/main.o,$(objects)) $(build)/lab_programs.o
# What mchat lab --code prints, one for each experiment.
programs := $(sort $(wildcard src/lab/code/*.c))

# What tests share; each links only what it uses of it.
support  := $(build)/libtests.a
shared   := $(patsubst %.c,$(build)/%.o,$(wildcard tests/*.c))
# What these test is Linux's: the error queue (two); rtnetlink; sysctls; what becomes
# of mchat where that is denied (two), or other calls; the list of its calls; captures;
# a source address that changes at once; a network of namespaces; counts of what did
# not fit.
linux_tests := $(patsubst %,tests/%,unit/error_queue.c net/egress.t \
	unit/interface_watch.c unit/option_notes.c net/unwatched.t cli/denied.t \
	cli/explain.t cli/lab_packets.t net/address_change.t net/lab.t \
	net/lost.t)
left_out := $(SKIP) $(if $(PORTABLE),$(linux_tests))
# But for those that are left out, here and below.
unit     := $(patsubst tests/%.c,$(build)/tests/%,$(filter-out $(left_out), \
	$(wildcard tests/unit/*.c)))
terminal := $(patsubst tests/%.c,$(build)/tests/%,$(wildcard tests/terminal/*.c))
windows  := $(if $(terminal),$(wildcard tests/terminal/*.t))
peers    := $(patsubst tests/%.c,$(build)/tests/%,$(wildcard tests/peers/*.c))
fuzzers  := $(patsubst tests/%.c,$(build)/tests/%,$(wildcard tests/fuzz/*.c))
fuzz     := $(fuzzers:$(build)/tests/fuzz/%=fuzz-%)
bench    := $(patsubst tests/%.c,$(build)/tests/%,$(wildcard tests/bench/*.c))
sim      := $(build)/tests/sim/sim
cli      := $(filter-out $(left_out),$(wildcard tests/cli/*.t))
plays    := $(wildcard tests/sim/*.t)
net      := $(filter-out $(left_out),$(wildcard tests/net/*.t))
# They build what they look at.
packages := $(if $(filter release,$(VARIANT)),$(wildcard tests/package/*.t))
checks   := $(wildcard tests/checks/*.t)
judges   := $(wildcard tests/chaos/*.t)

man7 := mchat-lab.7 mchat-protocol.7
# In Korean, where man looks for LANG=ko_KR.UTF-8.
man7_ko := mchat-lab.7

# say NAME: a recipe's line in short, or whole with V=1; nothing with -s.
quiet     = $(if $(filter-out 0,$(V)),,@)
is_silent = $(findstring s,$(firstword -$(MAKEFLAGS)))
say       = $(if $(quiet),@$(if $(is_silent),,printf '  %-4s %s\n' $(1) $@;))

environment = MCHAT="$(CURDIR)/$(program)" BUILD="$(CURDIR)/$(build)" \
	CC="$(CC)"

.DELETE_ON_ERROR:
.PHONY: all static help tests check check-net check-asan cross list-unit fuzz $(fuzz) sim sim-bulk \
	chaos bench timing bench-lan bench-peers lint format cover install uninstall \
	dist clean

all: $(program) ## build ./mchat

# From the objects of VARIANT=musl, which are position independent.
static: ## build build/static/mchat with musl: one file that needs no other
	$(MAKE) VARIANT=musl CC=musl-gcc build/static/mchat

build/static/mchat: $(build)/src/main.o $(library)
	@mkdir -p $(@D)
	$(call say,LINK) $(link_program) -no-pie -static -s -o $@ \
		$(build)/src/main.o $(library)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

$(program): $(build)/src/main.o $(library)
	$(call say,LINK) $(link_program) -o $@ $(build)/src/main.o $(library)

$(library): $(parts)
	$(quiet) rm -f $@
	$(call say,AR) $(AR) rcs $@ $(parts)

$(support): $(shared)
	$(quiet) rm -f $@
	$(call say,AR) $(AR) rcs $@ $(shared)

$(build)/tests/%.o: standard += -Itests

# The names of what an object has for itself follow from its own; and it has the
# folder as it is found everywhere, for no option maps it in what is for linking.
$(foreach folder,base chat protocol view,$(build)/src/$(folder)/%.o): \
flags_as_one = $(and $(lto_$(VARIANT)),$(lto) -frandom-seed=$@)

# So that the words of several blocks stay in registers: a fifth faster.
$(build)/src/crypto/chacha.o: standard += -funroll-loops

$(build)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC) $(compile) -MMD -MP -c -o $@ $<

$(build)/lab_programs.c: $(programs) scripts/embed
	@mkdir -p $(@D)
	$(call say,EMB) scripts/embed $(programs) >$@

$(build)/lab_programs.o: $(build)/lab_programs.c Makefile
	$(call say,CC) $(compile) -MMD -MP -c -o $@ $<

# What is measured is the program.
$(bench): link_test = $(link_program)

$(unit) $(terminal) $(peers) $(bench) $(fuzzers): \
$(build)/%: $(build)/%.o $(support) $(library)
	$(call say,LINK) $(link_test) -o $@ $< $(support) $(library)

$(sim): $(patsubst %.c,$(build)/%.o,$(wildcard tests/sim/*.c)) \
$(support) $(library)
	$(call say,LINK) $(link_test) -o $@ $^

tests: $(program) $(unit) $(terminal) $(peers) $(bench) $(sim) ## build what the tests run

# Only compiled: every build tells when a fuzzer no longer fits.
tests: $(fuzzers:=.o)

check: tests ## run every test that this machine can run
	$(quiet) $(environment) tests/run $(unit) $(packages) $(cli) $(plays) $(judges) \
		$(terminal) $(windows) $(net)

check-net: tests ## run the tests on a virtual LAN
	$(quiet) $(environment) tests/run $(net)

check-asan: ## run the tests under ASan and UBSan
	$(MAKE) VARIANT=asan check

cross: tests ## build for other processors, and test under qemu-user
	scripts/cross

# For scripts/cross.
list-unit:
	@echo $(unit)

# Programs for engines are to be many and small.  What getopt says of them is of
# no use to anybody.
fuzz_engine   := -max_len=96
fuzz_delivery := -max_len=96
fuzz_seal     := -max_len=512
fuzz_options  := -close_fd_mask=2
# A code that is right takes its key 64 MiB and, with a sanitizer, seconds.
fuzz_key      := -timeout=100
# Freed memory is kept from use for a while: 256 MiB of it, all cold, took half
# of the time.  What was freed in one program is not used in the next.
fuzz_asan     := quarantine_size_mb=4:malloc_context_size=8

fuzz: ## fuzz each parser, and the engine, for FUZZ_SECONDS=60, with clang
	$(MAKE) VARIANT=fuzz CC=clang $(fuzz)

# What is found anew stays in build; tests/fuzz/corpus is what is kept.
$(fuzz): fuzz-%: $(build)/tests/fuzz/%
	@mkdir -p $(build)/corpus/$*
	ASAN_OPTIONS=$(fuzz_asan) $< -max_total_time=$(FUZZ_SECONDS) \
		-timeout=10 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix=$(build)/$*- $(fuzz_$*) \
		$(build)/corpus/$* $(wildcard tests/fuzz/corpus/$*)

sim: $(sim) ## play the protocol on a virtual network: SEEDS, SEED, SCENARIO, SEALED
	$(sim) $(SEEDS:%=--seeds %) $(SEED:%=--seed %) \
		$(SCENARIO:%=--scenario %) $(if $(SEALED),--sealed)

sim-bulk: $(sim) ## bulk to 3 to 1000 receivers in the simulator: SEEDS, SEED, ONLY
	$(environment) $(SEEDS:%=SEEDS=%) $(SEED:%=SEED=%) $(ONLY:%=ONLY='%') \
		tests/sim/bulk

chaos: $(program) ## real members among random faults: SECONDS=60, SEED, HOSTS
	$(environment) tests/chaos/run $(SECONDS:%=--seconds %) \
		$(SEED:%=--seed %) $(HOSTS:%=--hosts %)

bench: $(program) $(bench) $(peers) ## measure, side by side with bare system calls
	$(environment) tests/bench/run

timing: $(build)/tests/bench/timing ## whether sealing takes a time that depends on secrets
	$<

bench-lan: $(program) $(bench) $(peers) ## measure the reliable chat on a virtual LAN
	$(environment) tests/bench/lan

bench-peers: $(program) ## measure networks that are joined by peers: COUNT=10000
	$(environment) $(COUNT:%=COUNT=%) tests/bench/peers

lint: $(program) ## layering, headers, style, static analysis, documents
	$(quiet) $(environment) tests/run $(checks)

format: ## put every C file in the house's format
	@clang-format -i $(wildcard src/*.c src/*/*.c include/mchat/*.h \
		include/mchat/*/*.h tests/*.[ch] tests/*/*.[ch])

cover: ## test coverage of each file, in build/cover
	$(MAKE) VARIANT=cover check
	gcov -r -s . -o build/cover $(sources:%.c=build/cover/%.o) -n | \
		paste - - - - | sort

# Those that install makes, where they are not there.
folders = "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(MANDIR)/man1" \
	"$(DESTDIR)$(MANDIR)/man7" "$(DESTDIR)$(MANDIR)/ko/man7" \
	"$(DESTDIR)$(BASHDIR)" "$(DESTDIR)$(ZSHDIR)" "$(DESTDIR)$(FISHDIR)"

install: $(program) ## install under $(DESTDIR)$(PREFIX)
	install -d $(folders)
	install -m 755 $(program) "$(DESTDIR)$(BINDIR)/mchat"
	install -m 644 src/man/mchat.1 "$(DESTDIR)$(MANDIR)/man1/mchat.1"
	install -m 644 $(man7:%=src/man/%) "$(DESTDIR)$(MANDIR)/man7"
	install -m 644 $(man7_ko:%=src/man/ko/%) "$(DESTDIR)$(MANDIR)/ko/man7"
	install -m 644 src/completion/mchat.bash "$(DESTDIR)$(BASHDIR)/mchat"
	install -m 644 src/completion/_mchat "$(DESTDIR)$(ZSHDIR)/_mchat"
	install -m 644 src/completion/mchat.fish \
		"$(DESTDIR)$(FISHDIR)/mchat.fish"

# Empty folders go, too, but for those that every system has.
uninstall: ## remove what install put there
	rm -f "$(DESTDIR)$(BINDIR)/mchat" "$(DESTDIR)$(MANDIR)/man1/mchat.1" \
		$(man7:%="$(DESTDIR)$(MANDIR)/man7/%") \
		$(man7_ko:%="$(DESTDIR)$(MANDIR)/ko/man7/%") \
		"$(DESTDIR)$(BASHDIR)/mchat" "$(DESTDIR)$(ZSHDIR)/_mchat" \
		"$(DESTDIR)$(FISHDIR)/mchat.fish"
	@scripts/remove-empty "$(or $(DESTDIR),$(PREFIX))" $(folders)

# A tree without git is one that dist packed.
dist: ## pack the committed tree
	scripts/dist mchat-$(VERSION)

clean: ## remove everything that was built
	rm -rf build mchat mchat-*.tar.gz

-include $(shell find $(build) -name '*.d' 2>/dev/null)
