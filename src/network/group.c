/* SPDX-License-Identifier: ISC */
#include "mchat/network/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/network/batch.h"
#include "mchat/network/call.h"
#include "mchat/network/error_queue.h"
#include "mchat/network/group_sources.h"
#include "mchat/network/interface.h"
#include "mchat/network/interface_ioctl.h"
#include "mchat/network/send_batch.h"
#include "mchat/network/sockaddr.h"
#include "mchat/network/sockopt.h"

/* An interface that the group was joined on. */
struct joined {
	unsigned index;
	struct address address; /* by which we know our echo */
	bool is_loopback;
	bool is_lost; /* the membership, with the device */
};

struct group {
	struct call_log *log;
	const struct group_family *family;
	struct group_config config; /* that it was opened with */
	int receiving_fd;           /* -1: does not receive */
	int replaced_fd; /* what waited in it comes first; -1: none */
	unsigned device; /* index of the one that it is bound to; 0: none */
	int sending_fd;  /* -1: does not send */
	uint16_t sending_port;
	struct joined joined[GROUP_INTERFACES_MAX];
	size_t joined_count;
	unsigned loopback; /* its index, where the family names one; 0: none */
	unsigned outgoing; /* the index that the sending socket is set to */
	bool has_sent;     /* since the addresses of `joined` were looked up */
	struct group_refusals refused; /* by the system */
};

static int open_receiving(struct group *group, const struct interface *only)
{
	group->receiving_fd = group_socket_receiving(
		group->log, &group->config, only, &group->refused);
	group->device = only ? only->index : 0;
	return group->receiving_fd < 0 ? -1 : 0;
}

static int open_sending(struct group *group)
{
	group->sending_fd = group_socket_sending(group->log, &group->config,
		&group->refused, &group->sending_port);
	if (group->sending_fd < 0)
		return -1;
	if (group_has_refusal(&group->refused, group->family->interface))
		group->outgoing = group->config.only->index;
	return 0;
}

int group_open(struct call_log *log, const struct group_config *config,
	struct group **out)
{
	struct group *group = calloc(1, sizeof(*group));
	int error;

	if (!group)
		return -1;
	group->log = log;
	group->family = group_family_of(&config->address);
	if (group->family->loopback)
		group->loopback =
			interface_ioctl_index(group->family->loopback);
	group->config = *config;
	group->receiving_fd = -1;
	group->replaced_fd = -1;
	group->sending_fd = -1;
	if (config->receives && open_receiving(group, config->only) < 0)
		goto close_group;
	if (config->sends && open_sending(group) < 0)
		goto close_group;
	group->config.only = NULL; /* which was borrowed */
	*out = group;
	return 0;

close_group:
	error = errno;
	group_close(group);
	errno = error;
	return -1;
}

static void close_replaced(struct group *group)
{
	if (group->replaced_fd < 0)
		return;
	call_close(group->log, group->replaced_fd,
		"another receives in its place");
	group->replaced_fd = -1;
}

void group_close(struct group *group)
{
	if (!group)
		return;
	while (group->joined_count > 0) {
		const struct joined *last =
			&group->joined[group->joined_count - 1];

		/* An interface that is gone took its membership along. */
		(void)group_leave(group, last->index);
	}
	close_replaced(group);
	if (group->receiving_fd >= 0)
		call_close(group->log, group->receiving_fd,
			"the socket that received");
	if (group->sending_fd >= 0)
		call_close(
			group->log, group->sending_fd, "the socket that sent");
	free(group);
}

/* For an option that speaks of the group or of an interface. */
static struct sockopt_value membership(const struct group *group,
	const struct joined *joined, enum sockopt_id id)
{
	return (struct sockopt_value){
		.type = sockopt_info(id)->type,
		.membership =
			{
				.group = group->config.address,
				.interface_address = joined->address,
				.interface_index = joined->index,
			},
	};
}

static int add_membership(struct group *group, const struct joined *joined)
{
	struct sockopt_value value =
		membership(group, joined, group->family->join);

	if (group->config.source_count > 0)
		return group_sources_join(group->log, group->receiving_fd,
			&group->config, &value.membership);
	return sockopt_set(group->log, group->receiving_fd, group->family->join,
		&value, group->family->report);
}

static int drop_membership(struct group *group, int fd,
	const struct joined *joined, const char *why)
{
	struct sockopt_value value =
		membership(group, joined, group->family->leave);

	return sockopt_set(group->log, fd, group->family->leave, &value, why);
}

static int add_memberships(struct group *group)
{
	for (size_t i = 0; i < group->joined_count; i++) {
		if (add_membership(group, &group->joined[i]) < 0)
			return -1;
	}
	return 0;
}

/* From now on only what waits in it is of use. */
static void replace(struct group *group, int fd)
{
	close_replaced(group);
	for (size_t i = 0; i < group->joined_count; i++)
		(void)drop_membership(group, fd, &group->joined[i],
			"another receives in its place");
	group->replaced_fd = fd;
	(void)group_close_replaced(group);
}

bool group_close_replaced(struct group *group)
{
	char byte;

	if (group->replaced_fd < 0 ||
		recv(group->replaced_fd, &byte, sizeof(byte),
			MSG_PEEK | MSG_DONTWAIT) >= 0)
		return false;
	close_replaced(group);
	return true;
}

int group_bind(struct group *group, const struct interface *only)
{
	struct group before = *group;
	int error;

	/* Over IPv6 it is bound to none. */
	if (group->receiving_fd < 0 ||
		group->config.address.family == ADDRESS_IPV6 ||
		group->device == (only ? only->index : 0))
		return 0;
	if (open_receiving(group, only) == 0 && add_memberships(group) == 0) {
		replace(group, before.receiving_fd);
		return 0;
	}
	error = errno;
	if (group->receiving_fd >= 0)
		call_close(group->log, group->receiving_fd,
			"it cannot take the other's place");
	*group = before;
	errno = error;
	return -1;
}

/*
 * Points the sending socket at an interface, unless it is there already.  By
 * index alone, so that the source is the address that the interface has when
 * a line leaves; but lo would send from 0.0.0.0, and needs to be told.
 */
static int set_outgoing(struct group *group, const struct joined *joined)
{
	struct sockopt_value value =
		membership(group, joined, group->family->interface);

	if (group->outgoing == joined->index)
		return 0;
	if (!joined->is_loopback)
		value.membership.interface_address = (struct address){0};
	if (sockopt_set(group->log, group->sending_fd, group->family->interface,
		    &value,
		    "lines leave by it, from the address it has then") < 0)
		return -1;
	group->outgoing = joined->index;
	return 0;
}

/* Sending failed: the interface may have another address by now. */
static void forget_outgoing(struct group *group)
{
	if (!group->family->has_interface_by_index)
		group->outgoing = 0;
}

int group_join(struct group *group, const struct interface *interface)
{
	struct joined joined = {
		.index = interface->index,
		.address = interface->address,
		.is_loopback = interface->is_loopback,
	};

	if (group->joined_count == GROUP_INTERFACES_MAX) {
		errno = ENOBUFS;
		return -1;
	}
	if (group->receiving_fd >= 0 && add_membership(group, &joined) < 0)
		return -1;
	group->joined[group->joined_count++] = joined;
	if (group->sending_fd >= 0 && set_outgoing(group, &joined) < 0) {
		int error = errno;

		(void)group_leave(group, joined.index);
		errno = error;
		return -1;
	}
	return 0;
}

/* Where it stands among those joined; their count when nowhere. */
static size_t find(const struct group *group, unsigned interface_index)
{
	size_t i = 0;

	while (i < group->joined_count &&
		group->joined[i].index != interface_index)
		i++;
	return i;
}

int group_leave(struct group *group, unsigned interface_index)
{
	size_t i = find(group, interface_index);
	struct joined joined;

	if (i == group->joined_count) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	joined = group->joined[i];
	group->joined_count--;
	memmove(&group->joined[i], &group->joined[i + 1],
		(group->joined_count - i) * sizeof(joined));
	if (group->receiving_fd < 0 || joined.is_lost)
		return 0;
	return drop_membership(group, group->receiving_fd, &joined,
		"tell the network that we no longer listen");
}

void group_lose(struct group *group, unsigned interface_index)
{
	size_t i = find(group, interface_index);

	if (i == group->joined_count || group->receiving_fd < 0 ||
		group->joined[i].is_lost)
		return;
	(void)drop_membership(group, group->receiving_fd, &group->joined[i],
		"it went with its device; the socket has yet to know");
	group->joined[i].is_lost = true;
}

void group_renew(struct group *group)
{
	for (size_t i = 0; i < group->joined_count; i++) {
		struct joined *joined = &group->joined[i];

		if (joined->is_lost || group->receiving_fd < 0)
			continue;
		(void)drop_membership(group, group->receiving_fd, joined,
			"a device that went unnoticed, or a switch, may have "
			"forgotten it");
		joined->is_lost = add_membership(group, joined) < 0;
	}
}

bool group_has(const struct group *group, unsigned interface_index)
{
	size_t i = find(group, interface_index);

	return i < group->joined_count && !group->joined[i].is_lost;
}

bool group_has_sources(const struct group *group)
{
	return group->config.source_count > 0;
}

bool group_takes(const struct group *group, unsigned interface_index)
{
	const struct group_family *family = group->family;
	bool is_unknown = family->packet_info == SOCKOPT_NONE;
	bool is_loopback = family->loopback && interface_index > 0 &&
			   interface_index == group->loopback;

	return family->is_exact || is_unknown || is_loopback ||
	       group_has(group, interface_index);
}

int group_set_hop_limit(struct group *group, int hop_limit)
{
	return sockopt_set_number(group->log, group->sending_fd,
		group->family->hop_limit, hop_limit,
		"how many networks a line may cross");
}

int group_set_loopback(struct group *group, bool has_loopback)
{
	return sockopt_set_number(group->log, group->sending_fd,
		group->family->loop, has_loopback,
		"whether other members on this host hear us");
}

int group_receiving_fd(const struct group *group)
{
	return group->replaced_fd >= 0 ? group->replaced_fd
				       : group->receiving_fd;
}

int group_sending_fd(const struct group *group)
{
	return group->sending_fd;
}

const struct group_refusals *group_refused(const struct group *group)
{
	return &group->refused;
}

static int granted(int fd, enum sockopt_id id)
{
	struct sockopt_value value;

	if (fd < 0 || sockopt_get(fd, id, &value) < 0)
		return 0;
	return value.number / GROUP_BUFFER_FACTOR;
}

int group_receive_buffer(const struct group *group)
{
	return granted(group->receiving_fd, SOCKOPT_SO_RCVBUF);
}

int group_send_buffer(const struct group *group)
{
	return granted(group->sending_fd, SOCKOPT_SO_SNDBUF);
}

static bool is_from_joined(
	const struct group *group, const struct address *from)
{
	for (size_t i = 0; i < group->joined_count; i++) {
		if (address_same_host(&group->joined[i].address, from))
			return true;
	}
	return false;
}

/* Whether `from` is an address of this host; if of a joined interface, it is
 * remembered as the one that we send from there. */
static bool is_from_here(struct group *group, const struct address *from)
{
	struct interface_list list;
	const struct interface *found;
	unsigned index = 0;

	if (interface_list(group->config.address.family, &list) < 0)
		return false;
	found = interface_find_host(&list, from);
	if (found)
		index = found->index;
	interface_list_fini(&list);
	for (size_t i = 0; i < group->joined_count; i++) {
		if (group->joined[i].index == index)
			group->joined[i].address = *from;
	}
	return index != 0;
}

bool group_is_own(struct group *group, const struct address *from)
{
	if (group->sending_fd < 0 || from->port != group->sending_port)
		return false;
	if (is_from_joined(group, from))
		return true;
	/*
	 * The port is ours alone on this host, but perhaps not on others.  One
	 * look for each time that we sent, so that nobody who has the same port
	 * can make us look for ever.
	 */
	if (!group->has_sent)
		return false;
	group->has_sent = is_from_here(group, from);
	return group->has_sent;
}

static void refuse(struct group_sending *progress, size_t count)
{
	progress->datagram += count;
	progress->refused += count;
	progress->error = errno;
}

/* How often a call is repeated that failed by what a host answered to another
 * datagram: whoever makes more of these answers must not hold us up. */
#define REPEATS_MAX 16

/* Sends from progress->datagram on, as far as that goes; how many, or -1 with
 * the errno of this very datagram. */
static int send_some(const struct group *group, struct send_batch *batch,
	const struct group_sending *progress)
{
	int sent = -1;

	for (int i = 0; i < REPEATS_MAX; i++) {
		int error;

		sent = send_batch_send(batch, progress->datagram,
			group->sending_fd, &group->config.address);
		error = errno;
		call_sent(group->log, send_batch_call, group->sending_fd,
			&group->config.address, sent);
		if (sent >= 0)
			return sent;
		/* What waits there would also keep poll(2) from waiting. */
		if (!error_queue_drain(group->sending_fd, error)) {
			errno = error;
			return -1;
		}
		errno = error;
	}
	return sent;
}

/* Sends on one interface from progress->datagram on; false: buffer full. */
static bool send_on(struct group *group, const struct joined *joined,
	struct send_batch *batch, struct group_sending *progress)
{
	size_t count = send_batch_count(batch);

	group->has_sent = true;
	if (set_outgoing(group, joined) < 0)
		refuse(progress, count - progress->datagram);
	while (progress->datagram < count) {
		int sent = send_some(group, batch, progress);

		for (int i = 0; i < sent; i++)
			progress->is_taken[progress->datagram++] = true;
		if (sent >= 0 || errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return false;
		refuse(progress, 1);
		forget_outgoing(group);
	}
	return true;
}

/* Sends one datagram, or lets it go. */
static void send_one(struct group *group, const struct address *to,
	const void *bytes, size_t size)
{
	struct sockaddr_storage sockaddr;
	socklen_t length = sockaddr_from_address(to, &sockaddr);

	for (int i = 0; i < REPEATS_MAX; i++) {
		if (sendto(group->sending_fd, bytes, size, MSG_DONTWAIT,
			    (struct sockaddr *)&sockaddr, length) >= 0)
			return;
		if (!error_queue_drain(group->sending_fd, errno)) {
			forget_outgoing(group);
			return;
		}
	}
}

void group_reply_to_sender(struct group *group, const struct datagram *datagram,
	const void *bytes, size_t size)
{
	if (group->sending_fd >= 0 && !datagram->is_unicast &&
		!datagram->is_aside)
		send_one(group, &datagram->from, bytes, size);
}

void group_reply_to_group(struct group *group, const struct datagram *datagram,
	const void *bytes, size_t size)
{
	for (size_t i = 0; group->sending_fd >= 0 && i < group->joined_count;
		i++) {
		const struct joined *joined = &group->joined[i];

		if (joined->index != datagram->interface_index ||
			set_outgoing(group, joined) < 0)
			continue;
		group->has_sent = true;
		send_one(group, &group->config.address, bytes, size);
	}
}

void group_send(struct group *group, struct send_batch *batch,
	struct group_sending *progress)
{
	if (group->joined_count == 0) {
		errno = ENETDOWN;
		refuse(progress, send_batch_count(batch));
	}
	while (progress->interface < group->joined_count) {
		if (!send_on(group, &group->joined[progress->interface], batch,
			    progress))
			return;
		progress->interface++;
		progress->datagram = 0;
	}
	progress->is_done = true;
}

size_t group_sending_taken(const struct group_sending *progress, size_t count)
{
	size_t taken = 0;

	for (size_t i = 0; i < count; i++)
		taken += progress->is_taken[i];
	return taken;
}
