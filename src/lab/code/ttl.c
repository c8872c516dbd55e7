/* SPDX-License-Identifier: ISC */
/* IP_TTL is read, set and read again; what makes no sense is refused. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Ends the program when a call failed; otherwise returns its result. */
static int check(int result, const char *call)
{
	if (result < 0) {
		perror(call);
		exit(1);
	}
	return result;
}

static int get_ttl(int fd)
{
	int ttl;
	/* In: how much room there is.  Out: how much was written. */
	socklen_t size = sizeof(ttl);

	check(getsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, &size), "getsockopt");
	return ttl;
}

/* "ok", or why the kernel refuses it. */
static const char *try_ttl(int fd, int ttl)
{
	if (setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)) == 0)
		return "ok";
	return errno == EINVAL ? "EINVAL" : strerror(errno);
}

int main(void)
{
	int fd = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	int ttl = 32;

	printf("before=%d\n", get_ttl(fd));
	check(setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)),
		"setsockopt");
	printf("after=%d\n", get_ttl(fd));
	printf("ttl_0=%s\n", try_ttl(fd, 0));
	printf("ttl_256=%s\n", try_ttl(fd, 256));
	return 0;
}
