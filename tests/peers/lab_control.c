/* SPDX-License-Identifier: ISC */
/*
 * Each experiment with the call under study taken away: what it is to show must
 * then not be shown, or it would be shown whatever the kernel does.
 *
 * The calls are those that this program defines in the C library's place.
 */
#undef _FORTIFY_SOURCE /* its header defines some of them */
#include "mchat/lab/lab_command.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define NOTHING (-1)

/* What is taken away; NOTHING where a field does not matter. */
struct removal {
	int level; /* of the option that is not set */
	int option;
	int receive_flag;
	int send_flag;
	int shutdown_how;
	bool nonblocking; /* O_NONBLOCK */
};

/* In the child that runs an experiment. */
static struct removal removed = {NOTHING, NOTHING, 0, 0, NOTHING, false};

/* ---- the calls ---- */

int setsockopt(int fd, int level, int option, const void *value, socklen_t size)
{
	if (level == removed.level && option == removed.option)
		return 0;
	return (int)syscall(SYS_setsockopt, fd, level, option, value, size);
}

ssize_t recv(int fd, void *out, size_t size, int flags)
{
	return syscall(SYS_recvfrom, fd, out, size,
		flags & ~removed.receive_flag, NULL, NULL);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
	return syscall(SYS_sendto, fd, bytes, size, flags & ~removed.send_flag,
		NULL, 0);
}

ssize_t sendto(int fd, const void *bytes, size_t size, int flags,
	const struct sockaddr *to, socklen_t to_size)
{
	return syscall(SYS_sendto, fd, bytes, size, flags & ~removed.send_flag,
		to, to_size);
}

int shutdown(int fd, int how)
{
	return how == removed.shutdown_how
		       ? 0
		       : (int)syscall(SYS_shutdown, fd, how);
}

int fcntl(int fd, int command, ...)
{
	va_list arguments;
	long argument;

	va_start(arguments, command);
	argument = va_arg(arguments, long);
	va_end(arguments);
	if (command == F_SETFL && argument == O_NONBLOCK && removed.nonblocking)
		return 0;
	return (int)syscall(SYS_fcntl, fd, command, argument);
}

/* ---- the experiments ---- */

#define OPTION(level, option)                                                  \
	{                                                                      \
		level, option, 0, 0, NOTHING, false                            \
	}
#define RECEIVE(flag)                                                          \
	{                                                                      \
		NOTHING, NOTHING, flag, 0, NOTHING, false                      \
	}
#define SEND(flag)                                                             \
	{                                                                      \
		NOTHING, NOTHING, 0, flag, NOTHING, false                      \
	}
#define SHUTDOWN(how)                                                          \
	{                                                                      \
		NOTHING, NOTHING, 0, 0, how, false                             \
	}

static const struct {
	const char *experiment;
	const char *what;
	struct removal removal;
} cases[] = {
	{"rcvbuf", "SO_RCVBUF", OPTION(SOL_SOCKET, SO_RCVBUF)},
	{"rcvbuf", "SO_SNDBUF", OPTION(SOL_SOCKET, SO_SNDBUF)},
	{"lowat", "SO_RCVLOWAT", OPTION(SOL_SOCKET, SO_RCVLOWAT)},
	{"ttl", "IP_TTL", OPTION(IPPROTO_IP, IP_TTL)},
	{"broadcast", "SO_BROADCAST", OPTION(SOL_SOCKET, SO_BROADCAST)},
	{"dontroute", "SO_DONTROUTE", OPTION(SOL_SOCKET, SO_DONTROUTE)},
	{"dontroute", "MSG_DONTROUTE", SEND(MSG_DONTROUTE)},
	{"keepalive", "SO_KEEPALIVE", OPTION(SOL_SOCKET, SO_KEEPALIVE)},
	{"linger", "SO_LINGER", OPTION(SOL_SOCKET, SO_LINGER)},
	{"shutdown", "SHUT_WR", SHUTDOWN(SHUT_WR)},
	{"shutdown", "SHUT_RD", SHUTDOWN(SHUT_RD)},
	{"shutdown", "SHUT_RDWR", SHUTDOWN(SHUT_RDWR)},
	{"reuseaddr", "SO_REUSEADDR", OPTION(SOL_SOCKET, SO_REUSEADDR)},
	{"inherit", "IP_TTL", OPTION(IPPROTO_IP, IP_TTL)},
	{"inherit", "SO_KEEPALIVE", OPTION(SOL_SOCKET, SO_KEEPALIVE)},
	{"inherit", "TCP_FASTOPEN", OPTION(IPPROTO_TCP, TCP_FASTOPEN)},
	{"inherit", "O_NONBLOCK", {NOTHING, NOTHING, 0, 0, NOTHING, true}},
	{"nodelay", "TCP_NODELAY", OPTION(IPPROTO_TCP, TCP_NODELAY)},
	{"maxseg", "TCP_MAXSEG", OPTION(IPPROTO_TCP, TCP_MAXSEG)},
	{"oob", "MSG_OOB", SEND(MSG_OOB)},
	{"oob", "SO_OOBINLINE", OPTION(SOL_SOCKET, SO_OOBINLINE)},
	{"peek", "MSG_PEEK", RECEIVE(MSG_PEEK)},
	{"waitall", "MSG_WAITALL", RECEIVE(MSG_WAITALL)},
	{"dontwait", "MSG_DONTWAIT", RECEIVE(MSG_DONTWAIT)},
	{"dontwait", "SO_RCVTIMEO", OPTION(SOL_SOCKET, SO_RCVTIMEO)},
	{"join", "IP_ADD_MEMBERSHIP", OPTION(IPPROTO_IP, IP_ADD_MEMBERSHIP)},
	{"join", "IP_DROP_MEMBERSHIP", OPTION(IPPROTO_IP, IP_DROP_MEMBERSHIP)},
	{"join", "IP_MULTICAST_ALL", OPTION(IPPROTO_IP, 49)},
	{"reuse-udp", "SO_REUSEADDR", OPTION(SOL_SOCKET, SO_REUSEADDR)},
	{"loop", "IP_MULTICAST_LOOP", OPTION(IPPROTO_IP, IP_MULTICAST_LOOP)},
	{"ttl-multicast", "IP_MULTICAST_TTL",
		OPTION(IPPROTO_IP, IP_MULTICAST_TTL)},
	{"ttl-multicast", "IP_TTL", OPTION(IPPROTO_IP, IP_TTL)},
	{"interface", "IP_MULTICAST_IF", OPTION(IPPROTO_IP, IP_MULTICAST_IF)},
	{"mac", "IP_ADD_MEMBERSHIP", OPTION(IPPROTO_IP, IP_ADD_MEMBERSHIP)},
	{"scope", "IP_ADD_MEMBERSHIP", OPTION(IPPROTO_IP, IP_ADD_MEMBERSHIP)},
};

/* What an experiment printed, stderr included. */
static char story[65536];

/* Runs an experiment in a child; its exit status. */
static int run(const char *experiment, const struct removal *removal)
{
	char command[] = "lab";
	char name[32];
	char *words[] = {command, name, NULL};
	FILE *file = tmpfile();
	size_t size;
	int status = -1;
	pid_t child;

	if (!file)
		return -1;
	snprintf(name, sizeof(name), "%s", experiment);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		dup2(fileno(file), STDOUT_FILENO);
		dup2(fileno(file), STDERR_FILENO);
		signal(SIGPIPE, SIG_IGN); /* as main has it */
		if (removal)
			removed = *removal;
		_exit(lab_command_run(2, words));
	}
	if (child > 0)
		waitpid(child, &status, 0);
	rewind(file);
	size = fread(story, 1, sizeof(story) - 1, file);
	story[size] = '\0';
	fclose(file);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Some have their control in a network of their own, which not every user may
 * make. */
static bool may_make_network(void)
{
	run("ttl", NULL);
	return !strstr(story, "none can be made here");
}

static bool needs_network(const char *experiment)
{
	return strcmp(experiment, "dontroute") == 0 ||
	       strcmp(experiment, "loop") == 0 ||
	       strcmp(experiment, "mac") == 0;
}

static bool is_left_out(const char *name, char **left_out)
{
	while (*left_out && strcmp(*left_out, name) != 0)
		left_out++;
	return *left_out;
}

/* What arguments name is left out. */
int main(int argc, char **argv)
{
	bool has_network = may_make_network();
	const char *last = "";

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *name = cases[i].experiment;

		if (argc > 1 && is_left_out(name, argv + 1))
			continue;
		if (needs_network(name) && !has_network) {
			tap_skip(name, "no network namespace can be made");
			continue;
		}
		if (strcmp(name, last) != 0 &&
			!tap_ok(run(name, NULL) == 0, "%s is shown", name))
			tap_note("%s", story);
		last = name;
		tap_ok(run(name, &cases[i].removal) == 1, "%s without %s fails",
			name, cases[i].what);
		if (!tap_ok(strstr(story, "\nnot shown: ") != NULL,
			    "%s without %s is not shown", name, cases[i].what))
			tap_note("%s", story);
	}
	return tap_done();
}
