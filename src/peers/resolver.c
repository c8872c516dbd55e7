/* SPDX-License-Identifier: ISC */
#include "mchat/peers/resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mchat/network/sockaddr.h"

/* What the child writes: less than a pipe takes at once. */
struct answer {
	int error; /* of getaddrinfo; 0: none */
	struct resolved resolved;
};

static void keep(const struct addrinfo *found, struct resolved *out)
{
	for (; found && out->count < RESOLVER_ADDRESSES_MAX;
		found = found->ai_next) {
		struct address *address = &out->addresses[out->count];

		if (sockaddr_to_address(found->ai_addr, address) &&
			address_is_host(address))
			out->count++;
	}
}

/* In the child.  Signals are to end it as they would any program. */
static void answer(int fd, const char *host)
{
	static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGTSTP};
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *found = NULL;
	struct answer answer = {0};

	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		(void)signal(caught[i], SIG_DFL);
	/* Who started it may be gone, and it holds what that had open. */
	(void)alarm(RESOLVER_TIMEOUT_MS / 1000);
	answer.error = getaddrinfo(host, NULL, &hints, &found);
	if (answer.error == 0)
		keep(found, &answer.resolved);
	if (answer.error == 0 && answer.resolved.count == 0)
		answer.error = EAI_NONAME;
	/* The parent sees when less came. */
	_exit(write(fd, &answer, sizeof(answer)) != sizeof(answer));
}

int resolver_start(
	struct resolver *resolver, const char *host, struct instant now)
{
	int ends[2];
	int error;

	if (pipe(ends) < 0)
		return -1;
	(void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	resolver->pid = fork();
	error = errno;
	if (resolver->pid == 0)
		answer(ends[1], host);
	close(ends[1]);
	if (resolver->pid < 0) {
		close(ends[0]);
		*resolver = RESOLVER_IDLE;
		errno = error;
		return -1;
	}
	resolver->fd = ends[0];
	resolver->until = instant_after(now, duration_ms(RESOLVER_TIMEOUT_MS));
	return 0;
}

static const char *reason(int error)
{
	return error == EAI_NONAME ? "no such host" : gai_strerror(error);
}

enum resolver_result resolver_take(struct resolver *resolver,
	struct instant now, struct resolved *out, const char **why)
{
	struct answer got = {0};
	ssize_t size = read(resolver->fd, &got, sizeof(got));
	bool is_late = !instant_before(now, resolver->until);

	if (size < 0 && (errno == EAGAIN || errno == EINTR) && !is_late)
		return RESOLVER_RUNS;
	resolver_stop(resolver);
	if (size == sizeof(got) && got.error == 0) {
		*out = got.resolved;
		return RESOLVER_FOUND;
	}
	*why = size == sizeof(got) ? reason(got.error)
	       : is_late           ? "no name server answers"
				   : "the lookup was ended";
	return RESOLVER_FAILED;
}

void resolver_stop(struct resolver *resolver)
{
	if (resolver->pid <= 0)
		return;
	/* It has nothing to put in order. */
	(void)kill(resolver->pid, SIGKILL);
	while (waitpid(resolver->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	close(resolver->fd);
	*resolver = RESOLVER_IDLE;
}
