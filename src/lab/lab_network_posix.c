/* SPDX-License-Identifier: ISC */
/* This needs Linux: network namespaces. */
#include "mchat/lab/lab_network.h"

#include <errno.h>

#include "mchat/lab/lab_socket.h"

bool lab_network_open(struct lab *lab, struct lab_network *out)
{
	*out = (struct lab_network){.channel = -1, .keeper = -1};
	if (!lab_has_failed(lab))
		lab_step(lab, "A network of three hosts would show more; this "
			      "needs Linux.");
	return false;
}

void lab_network_close(struct lab_network *network)
{
	(void)network;
}

int lab_network_socket(struct lab *lab, const struct lab_network *network,
	enum lab_host host, int type, const char *why)
{
	(void)network, (void)host, (void)type;
	if (!lab_has_failed(lab))
		lab_fail(lab, why, ENOTSUP);
	return -1;
}

int lab_network_capture(struct lab *lab, const struct lab_network *network,
	enum lab_host host, const char *interface)
{
	(void)network, (void)host, (void)interface;
	if (!lab_has_failed(lab))
		lab_fail(lab, "a packet socket", ENOTSUP);
	return -1;
}

void lab_network_forget(
	struct lab *lab, const struct lab_network *network, int fd)
{
	(void)network;
	lab_close(lab, fd, "its host lost power");
}

void lab_network_cut_off(struct lab *lab, const struct lab_network *network)
{
	(void)lab, (void)network;
}

FILE *lab_network_read(
	const struct lab_network *network, enum lab_host host, const char *name)
{
	(void)network, (void)host, (void)name;
	return NULL;
}

FILE *lab_network_read_here(const char *name)
{
	(void)name;
	return NULL;
}
