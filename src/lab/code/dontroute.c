/* SPDX-License-Identifier: ISC */
/* SO_DONTROUTE: neighbours are reached, and nobody behind a gateway. */
#include <arpa/inet.h>
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

/* Connecting a UDP socket looks the route up and sends nothing. */
static const char *try_route(int fd, const char *host)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

	inet_pton(AF_INET, host, &to.sin_addr);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return "ok";
	return errno == ENETUNREACH ? "ENETUNREACH" : strerror(errno);
}

int main(void)
{
	int fd = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	int on = 1;
	/* Reserved, so that no network has it, but a default route leads there.
	 */
	const char *far_without = try_route(fd, "240.0.0.1");

	if (strcmp(far_without, "ok") == 0)
		printf("far_without=ok\n");
	else
		printf("# no gateway here, so nobody far is reached anyway\n");
	check(setsockopt(fd, SOL_SOCKET, SO_DONTROUTE, &on, sizeof(on)),
		"setsockopt");
	printf("far_with=%s\n", try_route(fd, "240.0.0.1"));
	printf("near_with=%s\n", try_route(fd, "127.0.0.1"));
	return 0;
}
