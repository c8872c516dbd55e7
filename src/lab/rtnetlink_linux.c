/* SPDX-License-Identifier: ISC */
#include "mchat/lab/rtnetlink.h"

#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As linux/netlink.h, rtnetlink.h, if_link.h, if_addr.h and veth.h have them,
 * which musl-gcc does not see. */
#define ROUTE_PROTOCOL 0

enum {
	REPLY_ERROR = 2, /* an answer's type, also when all went well */

	FLAG_REQUEST = 0x1,
	FLAG_ACKNOWLEDGE = 0x4,
	FLAG_EXCLUSIVE = 0x200,
	FLAG_CREATE = 0x400,

	NEW_LINK = 16,
	GET_LINK = 18,
	NEW_ADDRESS = 20,
	DELETE_ADDRESS = 21,
	NEW_ROUTE = 24,

	LINK_NAME = 3,
	LINK_STATE = 16,
	LINK_INFO = 18,
	LINK_NAMESPACE = 28,
	INFO_KIND = 1,
	INFO_DATA = 2,
	VETH_PEER = 1,

	STATE_UP = 6, /* RFC 2863, section 3.1.12 */

	ADDRESS_LOCAL = 2,
	ROUTE_GATEWAY = 5,

	TABLE_MAIN = 254,
	ORIGIN_STATIC = 4,
	ROUTE_UNICAST = 1,
	ROUTE_UNREACHABLE = 7,
};

struct message_header {
	uint32_t size;
	uint16_t type;
	uint16_t flags;
	uint32_t number;
	uint32_t port;
};

struct link_message {
	uint8_t family;
	uint8_t padding;
	uint16_t hardware;
	int32_t index;
	uint32_t flags;
	uint32_t changed; /* which of the flags count */
};

struct address_message {
	uint8_t family;
	uint8_t prefix_length;
	uint8_t flags;
	uint8_t scope;
	uint32_t index;
};

struct route_message {
	uint8_t family;
	uint8_t prefix_length; /* of the destination */
	uint8_t source_length;
	uint8_t service;
	uint8_t table;
	uint8_t origin;
	uint8_t scope;
	uint8_t type;
	uint32_t flags;
};

struct attribute {
	uint16_t size; /* with this */
	uint16_t type;
};

/* An answer: 0 or a negative errno, and the request's header behind it. */
struct error_message {
	struct message_header header;
	int32_t error;
};

/* A veth pair is the longest request, about 150 bytes. */
#define REQUEST_SIZE 512

/* The state of a link is among the first of its attributes; what is longer is
 * cut. */
#define LINK_ANSWER_SIZE 4096

/* A request, and its answer: an error has the request behind it. */
struct request {
	union {
		struct message_header header;
		char bytes[REQUEST_SIZE];
	};
};

static void begin(struct request *request, uint16_t type, uint16_t flags)
{
	memset(request, 0, sizeof(*request));
	request->header = (struct message_header){
		.size = sizeof(struct message_header),
		.type = type,
		.flags = (uint16_t)(FLAG_REQUEST | FLAG_ACKNOWLEDGE | flags),
	};
}

static void *append(struct request *request, const void *bytes, size_t size)
{
	char *at = request->bytes + request->header.size;

	if (size > 0)
		memcpy(at, bytes, size);
	request->header.size += (uint32_t)((size + 3) & ~(size_t)3);
	return at;
}

/* An attribute; one that holds others is begun without a value and ended. */
static struct attribute *add(
	struct request *request, uint16_t type, const void *value, size_t size)
{
	struct attribute attribute = {
		.size = (uint16_t)(sizeof(attribute) + size),
		.type = type,
	};
	char *at = append(request, &attribute, sizeof(attribute));

	append(request, value, size);
	return (struct attribute *)(void *)at;
}

static void end(const struct request *request, struct attribute *outer)
{
	const char *limit = request->bytes + request->header.size;

	outer->size = (uint16_t)(limit - (const char *)outer);
}

static int talk(int fd, const struct request *request)
{
	union {
		struct error_message error;
		char bytes[REQUEST_SIZE];
	} answer;
	ssize_t size;

	if (send(fd, request, request->header.size, 0) < 0)
		return -1;
	size = recv(fd, &answer, sizeof(answer), 0);
	if (size < (ssize_t)sizeof(answer.error) ||
		answer.error.header.type != REPLY_ERROR) {
		errno = size < 0 ? errno : EPROTO;
		return -1;
	}
	errno = -answer.error.error;
	return answer.error.error ? -1 : 0;
}

int rtnetlink_open(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, ROUTE_PROTOCOL);
}

int rtnetlink_add_veth(
	int fd, const char *name, const char *peer_name, int peer_namespace)
{
	struct request request;
	struct link_message link = {.family = AF_UNSPEC};
	struct attribute *info;
	struct attribute *data;
	struct attribute *peer;

	begin(&request, NEW_LINK, FLAG_CREATE | FLAG_EXCLUSIVE);
	append(&request, &link, sizeof(link));
	add(&request, LINK_NAME, name, strlen(name) + 1);
	info = add(&request, LINK_INFO, NULL, 0);
	add(&request, INFO_KIND, "veth", sizeof("veth"));
	data = add(&request, INFO_DATA, NULL, 0);
	peer = add(&request, VETH_PEER, NULL, 0);
	append(&request, &link, sizeof(link));
	add(&request, LINK_NAME, peer_name, strlen(peer_name) + 1);
	add(&request, LINK_NAMESPACE, &peer_namespace, sizeof(peer_namespace));
	end(&request, peer);
	end(&request, data);
	end(&request, info);
	return talk(fd, &request);
}

int rtnetlink_bring_up(int fd, unsigned index)
{
	struct request request;
	struct link_message link = {
		.family = AF_UNSPEC,
		.index = (int32_t)index,
		.flags = IFF_UP,
		.changed = IFF_UP,
	};

	begin(&request, NEW_LINK, 0);
	append(&request, &link, sizeof(link));
	return talk(fd, &request);
}

/* The attribute of that type in an answer about a link, or NULL. */
static const char *find_link_attribute(
	const char *answer, size_t size, uint16_t type)
{
	size_t at = sizeof(struct message_header) + sizeof(struct link_message);
	struct attribute attribute;

	while (at + sizeof(attribute) <= size) {
		memcpy(&attribute, answer + at, sizeof(attribute));
		if (attribute.size < sizeof(attribute) ||
			attribute.size > size - at)
			return NULL;
		if (attribute.type == type)
			return answer + at + sizeof(attribute);
		at += ((size_t)attribute.size + 3) & ~(size_t)3;
	}
	return NULL;
}

/* Whether an answer is an error, which errno then is. */
static bool is_refused(const char *answer, size_t size)
{
	struct error_message error;

	if (size < sizeof(error))
		return false;
	memcpy(&error, answer, sizeof(error));
	if (error.header.type != REPLY_ERROR || error.error == 0)
		return false;
	errno = -error.error;
	return true;
}

int rtnetlink_is_running(int fd, unsigned index)
{
	struct request request;
	struct link_message link = {
		.family = AF_UNSPEC,
		.index = (int32_t)index,
	};
	char answer[LINK_ANSWER_SIZE];
	const char *state;
	ssize_t size;

	begin(&request, GET_LINK, 0);
	request.header.flags = FLAG_REQUEST;
	append(&request, &link, sizeof(link));
	if (send(fd, &request, request.header.size, 0) < 0)
		return -1;
	size = recv(fd, answer, sizeof(answer), 0);
	if (size < 0 || is_refused(answer, (size_t)size))
		return -1;
	state = find_link_attribute(answer, (size_t)size, LINK_STATE);
	return state && *state == STATE_UP;
}

static int change_address(int fd, uint16_t type, unsigned index,
	uint32_t address, uint8_t prefix_length)
{
	struct request request;
	struct address_message message = {
		.family = AF_INET,
		.prefix_length = prefix_length,
		.index = index,
	};

	begin(&request, type,
		type == NEW_ADDRESS ? FLAG_CREATE | FLAG_EXCLUSIVE : 0);
	append(&request, &message, sizeof(message));
	add(&request, ADDRESS_LOCAL, &address, sizeof(address));
	return talk(fd, &request);
}

int rtnetlink_add_address(
	int fd, unsigned index, uint32_t address, uint8_t prefix_length)
{
	return change_address(fd, NEW_ADDRESS, index, address, prefix_length);
}

int rtnetlink_delete_address(
	int fd, unsigned index, uint32_t address, uint8_t prefix_length)
{
	return change_address(
		fd, DELETE_ADDRESS, index, address, prefix_length);
}

int rtnetlink_add_default(int fd, uint32_t gateway)
{
	struct request request;
	struct route_message route = {
		.family = AF_INET,
		.table = TABLE_MAIN,
		.origin = ORIGIN_STATIC,
		.type = gateway ? ROUTE_UNICAST : ROUTE_UNREACHABLE,
	};

	begin(&request, NEW_ROUTE, FLAG_CREATE | FLAG_EXCLUSIVE);
	append(&request, &route, sizeof(route));
	if (gateway)
		add(&request, ROUTE_GATEWAY, &gateway, sizeof(gateway));
	return talk(fd, &request);
}
