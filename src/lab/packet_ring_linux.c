/* SPDX-License-Identifier: ISC */
/* As Linux does it: packet(7).  On macOS and the BSDs: bpf(4). */
#include "mchat/lab/packet_ring.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <net/ethernet.h>

/* As linux/if_packet.h and linux/filter.h have them, which musl-gcc does not
 * see. */
#define LEVEL_PACKET      263
#define OPTION_RING       5
#define OPTION_STATISTICS 6
#define OPTION_VERSION    10
#define VERSION_2         1
#define STATUS_USER       1U /* the frame holds a packet, for us */
#define FILTER_PACKET     ((uint32_t)-0x1000) /* not in its bytes: about it */
#define ABOUT_PROTOCOL    0
#define ABOUT_DIRECTION   4
#define LOAD_HALF         0x28
#define LOAD_BYTE         0x30
#define JUMP_IF_EQUAL     0x15
#define RETURN            0x06

struct instruction {
	uint16_t code;
	uint8_t skip_if_true;
	uint8_t skip_if_false;
	uint32_t value;
};

struct program {
	uint16_t size;
	const struct instruction *code;
};

struct ring_size {
	unsigned block_size;
	unsigned blocks;
	unsigned frame_size;
	unsigned frames;
};

struct statistics {
	unsigned packets;
	unsigned lost;
};

/* What a frame begins with; a struct sockaddr_ll follows. */
struct frame_header {
	_Atomic uint32_t status;
	uint32_t whole_size;
	uint32_t size;
	uint16_t link_offset; /* of the Ethernet header, from here */
	uint16_t network_offset;
	uint32_t seconds;
	uint32_t nanoseconds;
	uint8_t rest[8];
};

/* A frame holds its header, 66 bytes in all, and at least the headers of
 * Ethernet, IPv4 and TCP, 14, 60 and 60. */
#define FRAME_SIZE 256
#define SNAP_SIZE  160

/* The largest experiment makes about 1,500 packets, and the frames of four
 * hosts take 4 MiB. */
#define FRAMES     4096
#define BLOCK_SIZE 65536
#define RING_SIZE  ((size_t)FRAMES * FRAME_SIZE)

/* IPv4 only, and where it leaves only. */
static int set_filter(int fd)
{
	static const struct instruction code[] = {
		{LOAD_BYTE, 0, 0, FILTER_PACKET + ABOUT_DIRECTION},
		{JUMP_IF_EQUAL, 0, 3, PACKET_OUTGOING},
		{LOAD_HALF, 0, 0, FILTER_PACKET + ABOUT_PROTOCOL},
		{JUMP_IF_EQUAL, 0, 1, ETH_P_IP},
		{RETURN, 0, 0, SNAP_SIZE},
		{RETURN, 0, 0, 0},
	};
	struct program program = {sizeof(code) / sizeof(code[0]), code};

	return setsockopt(
		fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int set_ring(int fd)
{
	struct ring_size size = {
		.block_size = BLOCK_SIZE,
		.blocks = (unsigned)(RING_SIZE / BLOCK_SIZE),
		.frame_size = FRAME_SIZE,
		.frames = FRAMES,
	};
	int version = VERSION_2;

	if (setsockopt(fd, LEVEL_PACKET, OPTION_VERSION, &version,
		    sizeof(version)) < 0)
		return -1;
	return setsockopt(fd, LEVEL_PACKET, OPTION_RING, &size, sizeof(size));
}

int packet_ring_socket(void)
{
	struct sockaddr_ll everywhere = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};
	/* Protocol 0: it captures nothing until all is set. */
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -1;
	if (set_filter(fd) == 0 && set_ring(fd) == 0 &&
		bind(fd, (const struct sockaddr *)&everywhere,
			sizeof(everywhere)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

bool packet_ring_open(struct packet_ring *ring, int fd)
{
	void *bytes = mmap(
		NULL, RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int error = errno;

	*ring = (struct packet_ring){.fd = -1};
	if (bytes == MAP_FAILED) {
		close(fd);
		errno = error;
		return false;
	}
	ring->fd = fd;
	ring->bytes = bytes;
	return true;
}

void packet_ring_close(struct packet_ring *ring)
{
	if (ring->fd < 0)
		return;
	munmap(ring->bytes, RING_SIZE);
	close(ring->fd);
	ring->fd = -1;
}

static struct frame_header *frame_at(const struct packet_ring *ring)
{
	/* Frames are aligned, as blocks are and 256 is a power of two. */
	return (struct frame_header *)(void *)(ring->bytes +
					       (size_t)ring->next * FRAME_SIZE);
}

/* The socket asks in its own namespace, wherever we are. */
void packet_ring_interface(const struct packet_ring *ring, int index,
	char out[PACKET_RING_NAME_SIZE])
{
	struct ifreq request = {.ifr_ifindex = index};

	out[0] = '\0';
	if (ioctl(ring->fd, SIOCGIFNAME, &request) == 0)
		snprintf(out, PACKET_RING_NAME_SIZE, "%.15s", request.ifr_name);
}

bool packet_ring_peek(const struct packet_ring *ring, struct packet_frame *out)
{
	struct frame_header *frame = frame_at(ring);
	struct sockaddr_ll where;

	if (!(atomic_load_explicit(&frame->status, memory_order_acquire) &
		    STATUS_USER))
		return false;
	memcpy(&where, frame + 1, sizeof(where));
	out->bytes = (const uint8_t *)frame + frame->link_offset;
	out->size = frame->size;
	out->ns = (int64_t)frame->seconds * INT64_C(1000000000) +
		  frame->nanoseconds;
	out->interface_index = where.sll_ifindex;
	return true;
}

void packet_ring_take(struct packet_ring *ring)
{
	atomic_store_explicit(&frame_at(ring)->status, 0, memory_order_release);
	ring->next = (ring->next + 1) % FRAMES;
}

unsigned packet_ring_lost(const struct packet_ring *ring)
{
	struct statistics statistics = {0};
	socklen_t size = sizeof(statistics);

	if (getsockopt(ring->fd, LEVEL_PACKET, OPTION_STATISTICS, &statistics,
		    &size) < 0)
		return 0;
	return statistics.lost;
}
