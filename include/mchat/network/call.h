/* SPDX-License-Identifier: ISC */
/*
 * Socket calls with a witness.  Each call that shapes a socket goes through
 * here or through network/sockopt, so that --explain can narrate it and an
 * error can name it.  Sending and receiving are not shaped calls: see batch;
 * --explain -v tells the first of them (call_sent, call_received).
 */
#ifndef MCHAT_NETWORK_CALL_H
#define MCHAT_NETWORK_CALL_H

#include <stdbool.h>
#include <stddef.h>

struct address;

/* Room for one call written out, terminator included. */
#define CALL_TEXT_SIZE 160

/* One call that was made. */
struct call_record {
	const char *text;   /* "bind(3, 239.255.77.67:62428)" */
	int result;         /* as returned: a descriptor, 0, or -1 */
	int error;          /* errno when result is -1, else 0 */
	const char *before; /* the option's value; NULL where there is none */
	const char *after;  /* likewise, read back after the call */
	const char *why;    /* what the call is for, one phrase */
};

/* The witness: may be told of each call, and remembers the last failure. */
struct call_log {
	void (*observe)(void *context, const struct call_record *record);
	void *context;      /* for observe, which may be NULL: nobody listens */
	unsigned transfers; /* sends and receives that are still to be told */

	char failed[CALL_TEXT_SIZE]; /* the last call that failed */
	int error;                   /* its errno */
};

/*
 * Reports a call to the observer and, when record->result is -1, remembers it
 * as the failure.  Leaves errno as record->error when that is not 0.
 */
void call_report(struct call_log *log, const struct call_record *record);

/*
 * Reports a call that was just made, written out as `text`, by what it returned
 * and, where that is -1, errno.  Returns `result`.
 */
int call_result(
	struct call_log *log, const char *text, int result, const char *why);

/*
 * Reports that `count` datagrams were sent to, or received from, an address by
 * one call of that name on fd; nothing when there were none, or once
 * log->transfers were told.  Of those received it is the address of the first.
 */
void call_sent(struct call_log *log, const char *name, int fd,
	const struct address *to, int count);
void call_received(struct call_log *log, const char *name, int fd,
	const struct address *from, int count);

/* A failure that did not matter is not to be taken for a later one. */
void call_forget(struct call_log *log);

/*
 * socket(2), close-on-exec.  `domain` and `type` are AF_* and SOCK_* values.
 * Returns the descriptor, owned by the caller, or -1 with errno.
 */
int call_socket(struct call_log *log, int domain, int type, const char *why);

/* bind(2); 0, or -1 with errno. */
int call_bind(struct call_log *log, int fd, const struct address *address,
	const char *why);

/* connect(2); 0, or -1 with errno. */
int call_connect(struct call_log *log, int fd, const struct address *address,
	const char *why);

/* getsockname(2); 0 and *out, or -1 with errno and *out untouched. */
int call_getsockname(
	struct call_log *log, int fd, struct address *out, const char *why);

/* close(2) of a socket; errors are reported but leave nothing to do. */
void call_close(struct call_log *log, int fd, const char *why);

/*
 * What a user can do about a failed call: a phrase such as "raise
 * net.ipv4.igmp_max_memberships", or NULL when nothing better than the error
 * is known.  `call` is call_log.failed, `error` its errno.
 */
const char *call_advice(const char *call, int error);

#endif
