/* SPDX-License-Identifier: ISC */
#include "mchat/network/call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/base/address.h"
#include "mchat/network/sockaddr.h"

void call_report(struct call_log *log, const struct call_record *record)
{
	if (record->result < 0) {
		snprintf(log->failed, sizeof(log->failed), "%s", record->text);
		log->error = record->error;
	}
	if (log->observe)
		log->observe(log->context, record);
	if (record->error)
		errno = record->error;
}

void call_forget(struct call_log *log)
{
	log->failed[0] = '\0';
	log->error = 0;
}

int call_result(
	struct call_log *log, const char *text, int result, const char *why)
{
	call_report(log, &(struct call_record){
				 .text = text,
				 .result = result,
				 .error = result < 0 ? errno : 0,
				 .why = why,
			 });
	return result;
}

static const char *domain_name(int domain)
{
	return domain == AF_INET6 ? "AF_INET6" : "AF_INET";
}

static const char *type_name(int type)
{
	return type == SOCK_DGRAM ? "SOCK_DGRAM" : "SOCK_STREAM";
}

int call_socket(struct call_log *log, int domain, int type, const char *why)
{
	char text[CALL_TEXT_SIZE];
	int fd = socket(domain, type, 0);

	if (fd >= 0)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	snprintf(text, sizeof(text), "socket(%s, %s, 0)", domain_name(domain),
		type_name(type));
	return call_result(log, text, fd, why);
}

/* Reports a call that takes or gives an address; returns its result. */
static int report_address(struct call_log *log, const char *name, int fd,
	const struct address *address, int result, const char *why)
{
	int error = errno;
	char where[ADDRESS_TEXT_SIZE];
	char text[CALL_TEXT_SIZE];

	snprintf(text, sizeof(text), "%s(%d, %s)", name, fd,
		address_format(address, where));
	errno = error;
	return call_result(log, text, result, why);
}

int call_bind(struct call_log *log, int fd, const struct address *address,
	const char *why)
{
	struct sockaddr_storage storage;
	socklen_t size = sockaddr_from_address(address, &storage);
	int result = bind(fd, (const struct sockaddr *)&storage, size);

	return report_address(log, "bind", fd, address, result, why);
}

int call_connect(struct call_log *log, int fd, const struct address *address,
	const char *why)
{
	struct sockaddr_storage storage;
	socklen_t size = sockaddr_from_address(address, &storage);
	int result = connect(fd, (const struct sockaddr *)&storage, size);

	return report_address(log, "connect", fd, address, result, why);
}

int call_getsockname(
	struct call_log *log, int fd, struct address *out, const char *why)
{
	struct sockaddr_storage storage;
	struct sockaddr *name = (struct sockaddr *)&storage;
	socklen_t size = sizeof(storage);
	struct address address = {0};
	int result = getsockname(fd, name, &size);

	if (result == 0 && !sockaddr_to_address(name, &address)) {
		errno = EAFNOSUPPORT;
		result = -1;
	}
	if (result == 0)
		*out = address;
	return report_address(log, "getsockname", fd, &address, result, why);
}

static void report_transfer(
	struct call_log *log, const char *text, int count, const char *why)
{
	log->transfers--;
	call_result(log, text, count,
		log->transfers > 0 ? why : "the last of these that is told");
}

void call_sent(struct call_log *log, const char *name, int fd,
	const struct address *to, int count)
{
	char where[ADDRESS_TEXT_SIZE];
	char text[CALL_TEXT_SIZE];

	if (log->transfers == 0 || count <= 0)
		return;
	snprintf(text, sizeof(text), "%s(%d, to %s)", name, fd,
		address_format(to, where));
	report_transfer(
		log, text, count, "so many datagrams; a textbook has sendto");
}

void call_received(struct call_log *log, const char *name, int fd,
	const struct address *from, int count)
{
	char where[ADDRESS_TEXT_SIZE];
	char text[CALL_TEXT_SIZE];

	if (log->transfers == 0 || count <= 0)
		return;
	snprintf(text, sizeof(text), "%s(%d, from %s)", name, fd,
		address_format(from, where));
	report_transfer(
		log, text, count, "so many datagrams; a textbook has recvfrom");
}

void call_close(struct call_log *log, int fd, const char *why)
{
	char text[CALL_TEXT_SIZE];
	int result = close(fd);
	int error = errno;

	snprintf(text, sizeof(text), "close(%d)", fd);
	errno = error;
	call_result(log, text, result, why);
}

#define GONE "the interface is gone; mchat goes on when it is back"

/* What helps, by what failed (a part of the call's text) and how. */
static const struct {
	const char *call;
	int error;
	const char *advice;
} advices[] = {
	{"IP_ADD_SOURCE_MEMBERSHIP", ENOBUFS,
		"a group has 10 sources at most, this host's own address among "
		"them: raise the sysctl net.ipv4.igmp_max_msf, or name fewer "
		"with -s"},
	{"MCAST_JOIN_SOURCE_GROUP", ENOBUFS,
		"a group has 64 sources at most, this host's own address among "
		"them: raise the sysctl net.ipv6.mld_max_msf, or name fewer "
		"with -s"},
	{"_MEMBERSHIP", ENOBUFS,
		"a socket may join this many times only: raise the sysctl "
		"net.ipv4.igmp_max_memberships, or name fewer with -i"},
	{"MCAST_JOIN_GROUP", ENOBUFS,
		"a socket may join so many times only: name fewer with -i"},
	{"_MEMBERSHIP", ENODEV,
		"no interface leads to the group: name one with -i"},
	{"IPV6_JOIN_GROUP", ENOMEM,
		"a socket may join so many times only: raise the sysctl "
		"net.core.optmem_max, or name fewer with -i"},
	{"IPV6_JOIN_GROUP", EINVAL,
		"IPv6 needs an MTU of 1280 at least (ip link set NAME mtu), "
		"and must not be disabled there"},
	{"socket(AF_INET6", EAFNOSUPPORT,
		"this system has no IPv6; -4 goes without"},
	{"bind", EADDRINUSE,
		"another program has the port to itself: stop it (ss -lunp "
		"shows it) or choose another with -p"},
	{"bind", EACCES, "ports below 1024 need privileges: choose another"},
	{"bind", EADDRNOTAVAIL, "no interface has this address"},
	{"socket", EMFILE, "raise ulimit -n"},
	{"list of interfaces", EMFILE, "raise ulimit -n"},
	{"_MULTICAST_IF", EADDRNOTAVAIL, GONE},
	{"_MULTICAST_IF", ENODEV, GONE},
	{"send", EADDRNOTAVAIL,
		"the interface is gone, or another host has its IPv6 address "
		"(`ip -6 address` says dadfailed); mchat goes on when that is "
		"over"},
	{"send", ENODEV, GONE},
	{"send", ENOBUFS,
		"the interface's queue is full, or a rule on this host drops "
		"what leaves (nft list ruleset, tc -s qdisc)"},
	{"send", EMSGSIZE, "--sndbuf asks for a larger buffer"},
	{"send", ENETUNREACH,
		"the interface is down or has no address; mchat goes on when "
		"that is over"},
	{"send", ENETDOWN, "mchat goes on when an interface is up"},
	{"send", EPERM, "a firewall on this host refuses it"},
};

const char *call_advice(const char *call, int error)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		if (advices[i].error == error && strstr(call, advices[i].call))
			return advices[i].advice;
	}
	return NULL;
}
