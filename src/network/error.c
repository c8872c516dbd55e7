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
	ROW(EAGAIN, "it would have to wait, and was told not to"),
	ROW(EBADF, "it is no open descriptor"),
	ROW(EBUSY, "something else uses it"),
	ROW(ECONNREFUSED, "nobody listens there"),
	ROW(ECONNRESET, "the peer cut the connection off"),
	ROW(EDESTADDRREQ, "no destination was given"),
	ROW(EDOM, "a time out of its range"),
	ROW(EFAULT, "no memory of ours stands there"),
	ROW(EHOSTUNREACH, "no way leads to that host"),
	ROW(EINPROGRESS, "it has begun and is not done yet"),
	ROW(EINVAL, "a value out of range, or not in this state"),
	ROW(EISCONN, "not once it is connected"),
	ROW(EMFILE, "this process has too many files open"),
	ROW(EMSGSIZE, "too large for one datagram"),
	ROW(ENETDOWN, "the interface is down"),
	ROW(ENETUNREACH, "no route leads there"),
	ROW(ENOBUFS, "a limit of the kernel is reached"),
	ROW(ENODATA, "there is nothing of the kind"),
	ROW(ENODEV, "there is no such interface"),
	ROW(ENOENT, "there is nothing of that name"),
	ROW(ENOMEM, "the kernel has no memory for it"),
	ROW(ENOPROTOOPT, "no such option at this level, or none to set"),
	ROW(ENOTCONN, "only once it is connected"),
	ROW(EOPNOTSUPP, "not on a socket of this kind"),
	ROW(EPERM, "it needs privileges"),
	ROW(EPIPE, "this end has said that it sends no more"),
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
