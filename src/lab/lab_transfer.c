/* SPDX-License-Identifier: ISC */
#include "mchat/lab/lab_transfer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mchat/io/clock.h"
#include "mchat/network/sockaddr.h"

/* What is sure to come has come by then, however busy the host is. */
#define ARRIVAL_MS 5000

/* Loopback delivers within the call that sends: nothing comes after this. */
#define SILENCE_MS 100

/* "MSG_PEEK|MSG_DONTWAIT", or "0"; returns out. */
static const char *flag_names(int flags, char out[CALL_TEXT_SIZE])
{
	static const struct {
		int flag;
		const char *name;
	} names[] = {
		{MSG_OOB, "MSG_OOB"},
		{MSG_PEEK, "MSG_PEEK"},
		{MSG_DONTWAIT, "MSG_DONTWAIT"},
		{MSG_WAITALL, "MSG_WAITALL"},
		{MSG_DONTROUTE, "MSG_DONTROUTE"},
		{MSG_TRUNC, "MSG_TRUNC"},
	};
	size_t used = 0;

	out[0] = '0';
	out[1] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (flags & names[i].flag)
			used += (size_t)snprintf(out + used,
				CALL_TEXT_SIZE - used, "%s%s", used ? "|" : "",
				names[i].name);
	}
	return out;
}

long lab_send(
	struct lab *lab, int fd, const char *text, int flags, const char *why)
{
	char names[CALL_TEXT_SIZE];
	char call[2 * CALL_TEXT_SIZE];
	long result;

	if (lab->has_failed)
		return -ECANCELED;
	result = send(fd, text, strlen(text), flags);
	snprintf(call, sizeof(call), "send(%d, \"%s\", %zu, %s)", fd, text,
		strlen(text), flag_names(flags, names));
	return lab_tell(lab, call, result, why) < 0 ? -errno : result;
}

long lab_send_to(struct lab *lab, int fd, const struct address *to,
	const char *text, int flags, const char *why)
{
	struct sockaddr_storage storage;
	socklen_t size = sockaddr_from_address(to, &storage);
	char where[ADDRESS_TEXT_SIZE];
	char names[CALL_TEXT_SIZE];
	char call[2 * CALL_TEXT_SIZE];
	long result;

	if (lab->has_failed)
		return -ECANCELED;
	result = sendto(fd, text, strlen(text), flags,
		(const struct sockaddr *)&storage, size);
	snprintf(call, sizeof(call), "sendto(%d, \"%s\", %zu, %s, %s)", fd,
		text, strlen(text), flag_names(flags, names),
		address_format(to, where));
	return lab_tell(lab, call, result, why) < 0 ? -errno : result;
}

long lab_receive(struct lab *lab, int fd, size_t size, int flags,
	const char *why, char out[LAB_TEXT_SIZE])
{
	char names[CALL_TEXT_SIZE];
	char call[2 * CALL_TEXT_SIZE];
	long result;

	out[0] = '\0';
	if (lab->has_failed)
		return -ECANCELED;
	result = recv(fd, out, size, flags);
	if (result >= 0)
		out[result] = '\0';
	snprintf(call, sizeof(call), "recv(%d, \"%s\", %zu, %s)", fd, out, size,
		flag_names(flags, names));
	return lab_tell(lab, call, result, why) < 0 ? -errno : result;
}

/* Only there to interrupt. */
static void wake(int signal_number)
{
	(void)signal_number;
}

long lab_receive_for(struct lab *lab, int fd, int flags, unsigned seconds,
	const char *why, char out[LAB_TEXT_SIZE])
{
	struct sigaction ours = {.sa_handler = wake}; /* no SA_RESTART */
	struct sigaction theirs;
	unsigned left = alarm(0);
	long result;

	sigaction(SIGALRM, &ours, &theirs);
	alarm(seconds);
	result = lab_receive(lab, fd, LAB_TEXT_SIZE - 1, flags, why, out);
	alarm(0);
	sigaction(SIGALRM, &theirs, NULL);
	alarm(left);
	return result;
}

static bool is_ready(int fd, int ms)
{
	struct timeval timeout = {
		.tv_sec = ms / 1000,
		.tv_usec = (suseconds_t)(ms % 1000) * 1000,
	};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return select(fd + 1, &set, NULL, NULL, &timeout) > 0;
}

long lab_take(struct lab *lab, int fd, const char *why, struct address *from,
	char out[LAB_TEXT_SIZE])
{
	struct sockaddr_storage storage = {0};
	struct sockaddr *name = (struct sockaddr *)&storage;
	socklen_t size = sizeof(storage);
	struct address address = {0};
	char where[ADDRESS_TEXT_SIZE];
	char call[2 * CALL_TEXT_SIZE];
	long result;

	out[0] = '\0';
	if (lab->has_failed)
		return -ECANCELED;
	is_ready(fd, ARRIVAL_MS);
	result =
		recvfrom(fd, out, LAB_TEXT_SIZE - 1, MSG_DONTWAIT, name, &size);
	if (result >= 0)
		out[result] = '\0';
	(void)sockaddr_to_address(name, &address);
	snprintf(call, sizeof(call), "recvfrom(%d, \"%s\", %d, 0, [%s])", fd,
		out, LAB_TEXT_SIZE - 1,
		address.family ? address_format(&address, where) : "");
	if (from)
		*from = address;
	return lab_tell(lab, call, result, why) < 0 ? -errno : result;
}

long lab_fill(struct lab *lab, int fd)
{
	static const char block[4096];
	long total = 0;
	long taken;

	if (lab->has_failed)
		return 0;
	/* Even if the peer does not read, its kernel acknowledges what came a
	 * moment later, and that makes room here for more. */
	do {
		while ((taken = send(fd, block, sizeof(block), MSG_DONTWAIT)) >
			0)
			total += taken;
		nanosleep(&(struct timespec){.tv_nsec = 2 * NS_PER_MS}, NULL);
		taken = send(fd, block, sizeof(block), MSG_DONTWAIT);
		total += taken > 0 ? taken : 0;
	} while (taken > 0);
	return total;
}

long lab_drain(struct lab *lab, int fd, int *error)
{
	char bytes[4096];
	long total = 0;
	long taken;

	*error = ECANCELED;
	if (lab->has_failed)
		return 0;
	do {
		/* A second: a sender may wait 200 ms to retransmit. */
		is_ready(fd, 1000);
		taken = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		total += taken > 0 ? taken : 0;
	} while (taken > 0);
	*error = taken < 0 ? errno : 0;
	return total;
}

int lab_count(struct lab *lab, int fd)
{
	char bytes[LAB_TEXT_SIZE];
	int count = 0;

	if (lab->has_failed || !is_ready(fd, SILENCE_MS))
		return 0;
	while (recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) >= 0)
		count++;
	return count;
}

bool lab_is_readable(struct lab *lab, int fd, int ms, const char *why)
{
	char text[CALL_TEXT_SIZE];
	bool is_readable;

	if (lab->has_failed)
		return false;
	is_readable = is_ready(fd, ms);
	snprintf(text, sizeof(text), "select({%d}, %d ms)", fd, ms);
	lab_tell(lab, text, is_readable, why);
	return is_readable;
}

/* ---- time ---- */

int64_t lab_us_since(struct instant start)
{
	return instant_until(start, clock_now()).ns / NS_PER_US;
}

int64_t lab_ms_since(struct instant start)
{
	return lab_us_since(start) / 1000;
}
