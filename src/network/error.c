/* SPDX-License-Identifier: ISC */
#include "mchat/network/error.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define ROW(error, meaning)                                                    \
	{                                                                      \
		error, #error, meaning                                         \
	}

static const struct {
	int error;
	const char *name;
	const char *meaning;
} rows[] = {
	ROW(EACCES, "not permitted to this user, or not without SO_BROADCAST"),
	ROW(EADDRINUSE, "the address is in use, or the group is joined"),
	ROW(EADDRNOTAVAIL, "no such address here, or the group is not joined"),
	ROW(EAFNOSUPPORT, "this system has no such address family"),
	ROW(EAGAIN, "the call would block"),
	ROW(EBADF, "not an open descriptor"),
	ROW(EBUSY, "something else uses it"),
	ROW(ECONNREFUSED, "nobody listens there"),
	ROW(ECONNRESET, "the peer reset the connection"),
	ROW(EDESTADDRREQ, "no destination was given"),
	ROW(EDOM, "a time out of its range"),
	ROW(EFAULT, "bad address"),
	ROW(EHOSTUNREACH, "no route to that host"),
	ROW(EINPROGRESS, "in progress"),
	ROW(EINVAL, "a value out of range, or not in this state"),
	ROW(EISCONN, "already connected"),
	ROW(EMFILE, "this process has too many files open"),
	ROW(EMSGSIZE, "too large for one datagram"),
	ROW(ENETDOWN, "the interface is down"),
	ROW(ENETUNREACH, "no route to that network"),
	ROW(ENOBUFS, "a limit of the kernel is reached"),
	ROW(ENODATA, "no such data"),
	ROW(ENODEV, "there is no such interface"),
	ROW(ENOENT, "no such file or name"),
	ROW(ENOMEM, "the kernel has no memory for it"),
	ROW(ENOPROTOOPT, "no such option at this level, or none to set"),
	ROW(ENOTCONN, "not connected"),
	ROW(EOPNOTSUPP, "not on a socket of this kind"),
	ROW(EPERM, "it needs privileges"),
	ROW(EPIPE, "this end was shut down for sending"),
	ROW(ETIMEDOUT, "the peer did not answer in time"),
};

static size_t find(int error)
{
	size_t i = 0;

	while (i < sizeof(rows) / sizeof(rows[0]) && rows[i].error != error)
		i++;
	return i;
}

const char *error_name(int error)
{
	size_t i = find(error);

	return i < sizeof(rows) / sizeof(rows[0]) ? rows[i].name
						  : "an error without a name";
}

const char *error_meaning(int error)
{
	size_t i = find(error);

	return i < sizeof(rows) / sizeof(rows[0]) ? rows[i].meaning
						  : strerror(error);
}
