#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What only Linux has stands in *_linux.c: every other file compiles where the
# headers have nothing but what POSIX.1-2008, RFC 3493, 3542 and 3678, macOS and
# the BSDs have, and the program that PORTABLE=1 builds calls nothing else.

. "${0%/*}/../lib.sh"
requires nm
cd "$top" || exit 1

# ---- compiling without what is Linux's ----

# The options and flags that other systems have, too, under these names
# (setsockopt(2), ip(4), ip6(4), tcp(4), open(2) of FreeBSD and macOS); more of
# SO_RCVTIMEO and F_SETLK is how the GNU C library writes them.
shared="AF_(INET6?|LOCAL|UNIX|UNSPEC)
CLOCK_(MONOTONIC|REALTIME)
F_(DUPFD|DUPFD_CLOEXEC|GETFD|GETFL|GETLK|OK|RDLCK|UNLCK|WRLCK)
F_SET(FD|FL|LKW?|OWN)
F_[A-Z]*64
IFF_(BROADCAST|LOOPBACK|MULTICAST|POINTOPOINT|RUNNING|UP)
IPV6_(CHECKSUM|DONTFRAG|HOPLIMIT|HOPOPTS|DSTOPTS|NEXTHOP|PATHMTU|PKTINFO)
IPV6_(JOIN|LEAVE)_GROUP
IPV6_MULTICAST_(HOPS|IF|LOOP)
IPV6_RECV(DSTOPTS|HOPLIMIT|HOPOPTS|PATHMTU|PKTINFO|RTHDR|TCLASS)
IPV6_(RTHDR|RTHDRDSTOPTS|TCLASS|UNICAST_HOPS|V6ONLY)
IP_(ADD|DROP)(_SOURCE)?_MEMBERSHIP
IP_(UN)?BLOCK_SOURCE
IP_MULTICAST_(IF|LOOP|TTL)
IP_(HDRINCL|OPTIONS|RECVOPTS|RECVRETOPTS|RECVTTL|RETOPTS|TOS|TTL)
MCAST_(JOIN|LEAVE)(_SOURCE)?_GROUP
MCAST_(UN)?BLOCK_SOURCE
MSG_(CTRUNC|DONTROUTE|DONTWAIT|EOR|NOSIGNAL|OOB|PEEK|TRUNC|WAITALL)
O_(ACCMODE|APPEND|CLOEXEC|CREAT|DIRECTORY|EXCL|NOCTTY|NOFOLLOW|NONBLOCK)
O_(RDONLY|RDWR|SYNC|TRUNC|WRONLY)
POLL_.*
SOCK_(DGRAM|RAW|SEQPACKET|STREAM)
SO_(ACCEPTCONN|BROADCAST|DEBUG|DONTROUTE|ERROR|KEEPALIVE|LINGER|OOBINLINE)
SO_(RCVBUF|RCVLOWAT|RCVTIMEO|REUSEADDR|REUSEPORT|SNDBUF|SNDLOWAT|SNDTIMEO)
SO_(TIMESTAMP|TYPE)
SO_.*_(OLD|NEW)
TCP_(KEEPCNT|KEEPIDLE|KEEPINTVL|MAXSEG|NODELAY)"

# Calls, structures and their members.
linux="accept4 asprintf eventfd explicit_bzero getrandom ifr_ifindex inotify_init1
ip_mreqn memfd_create memrchr mempcpy mmsghdr pipe2 ppoll prctl
program_invocation_name qsort_r recvmmsg secure_getenv sendmmsg setns
sigtimedwait signalfd sockaddr_ll sockaddr_nl splice strchrnul syscall tcp_info
timerfd_create unshare vasprintf vmsplice __fpending
epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_wait"

headers="arpa/inet errno fcntl getopt ifaddrs langinfo limits locale math net/if
netdb netinet/in netinet/tcp netinet/udp poll pwd sched signal stdio stdlib string
strings sys/ioctl sys/resource sys/socket sys/stat sys/time sys/types sys/uio
sys/un termios time unistd wchar"

# macros PATTERN: those of the headers whose name matches.
macros() {
	$CC -std=c11 -D_GNU_SOURCE= -dM -E "$scratch/headers.h" |
		awk '{ print $2 }' | grep -E "^($1)\$"
}

for header in $headers; do
	echo "#include <$header.h>"
done >"$scratch/headers.h"
{
	cat "$scratch/headers.h"
	macros '(CLOCK|F|IFF|IP|IPV6|MCAST|O|SO|TCP|UDP)_[A-Z0-9_]*' |
		grep -vxE "$shared" | sed 's/^/#undef /'
	# These are constants as well as macros.
	macros '(AF|MSG|SOCK)_[A-Za-z0-9_]*' | grep -vxE "$shared" |
		sed 's/^/#pragma GCC poison /'
	# shellcheck disable=SC2086 # words
	echo "#pragma GCC poison" $linux
} >"$scratch/other_system.h"

# without_linux FILE...: says what is wrong with each.
without_linux() {
	$CC -std=c11 -w -U__linux__ -D_GNU_SOURCE= -D_XOPEN_SOURCE=700 \
		-D_DEFAULT_SOURCE -Iinclude -include "$scratch/other_system.h" \
		-fsyntax-only "$@" 2>&1
}

common=$(find src -path src/lab/code -prune -o -name '*.c' -print | sort |
	grep -v '_linux\.c$')
# shellcheck disable=SC2086 # words
without_linux $common >"$scratch/said"
for file in $common; do
	names_no "$file"
done
# In headers, too.
is "$(cat "$scratch/said")" "" "and the compiler says nothing"

# said_of CODE: whether such a file is complained of.
said_of() {
	printf '%s\n' "$1" >"$scratch/bad.c"
	without_linux "$scratch/bad.c" | grep -q error
}
while read -r code; do
	succeeds "noticed: $code" said_of "$code"
done <<-'END'
	int f(void); int f(void) { return ppoll(0, 0, 0, 0); }
	struct mmsghdr;
	int option = SO_RXQ_OVFL;
	int option = IP_MULTICAST_ALL;
	int option = UDP_GRO;
	int type = SOCK_CLOEXEC;
	int flag = MSG_ERRQUEUE;
	int family = AF_NETLINK;
END
fails "what others have is none" \
	said_of "int option = SO_REUSEPORT;"

# ---- headers and files ----

# Names that users may give to a key's descriptor are told by key_file.
is "$(printf '%s\n' "$common" | grep -vx src/key/key_file.c |
	xargs grep -nE '"/(proc|sys)/')" "" "no other file reads /proc or /sys"
headers_of_linux='(asm|linux|netpacket)/'
headers_of_linux="$headers_of_linux|(alloca|argp|byteswap|endian|error|features)\.h"
headers_of_linux="$headers_of_linux|(malloc|stdio_ext)\.h|sys/(auxv|epoll|eventfd)"
headers_of_linux="$headers_of_linux|sys/(inotify|prctl|signalfd|syscall|timerfd)"
is "$(printf '%s\n' "$common" |
	xargs grep -nE "#include <($headers_of_linux)")" "" \
	"no other file includes headers of Linux or of its C libraries"

# ---- the program ----

env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u VARIANT make -s -j"$(nproc)" PORTABLE=1 all \
	>"$scratch/make" 2>&1
is "$? $(cat "$scratch/make")" "0 " "make PORTABLE=1 says nothing"
nm -u build/release-portable/mchat | sed 's/^ *U *//; s/@.*//' | sort -u \
	>"$scratch/calls"
succeeds "it calls the system" grep -qx recvmsg "$scratch/calls"
for name in $linux; do
	fails "it does not call $name" grep -qx "$name" "$scratch/calls"
done
nm -u mchat | sed 's/^ *U *//; s/@.*//' | sort -u >"$scratch/linux_calls"
succeeds "as the program for Linux does" grep -qx recvmmsg "$scratch/linux_calls"

done_testing
