/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* unshare */
#include "mchat/lab/lab_packets.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/base/time.h"
#include "mchat/lab/packet.h"
#include "mchat/lab/packet_text.h"
#include "mchat/lab/rtnetlink.h"
#include "mchat/network/error.h"
#include "mchat/view/json.h"
#include "mchat/view/wrap.h"

/* Of a step that sends many, people are shown the first and the last ones: how
 * it begins, and how it ends. */
#define FIRST_SHOWN 8
#define LAST_SHOWN  4

/* Columns of "    packet:" and a blank. */
#define INDENT 12

/* ---- the namespace ---- */

static int bring_loopback_up(void)
{
	int link = rtnetlink_open();
	int result;
	int error;

	if (link < 0)
		return -1;
	result = rtnetlink_bring_up(link, if_nametoindex("lo"));
	error = errno;
	close(link);
	errno = error;
	return result;
}

/* A user who is not root is root in a user namespace.  Returns 0 or errno. */
static int enter(void)
{
	if (unshare(CLONE_NEWNET) < 0 &&
		unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return errno;
	return bring_loopback_up() < 0 ? errno : 0;
}

/* As enter, and captures there; in a process that ends then. */
static int try_all(void)
{
	int error = enter();
	int fd;

	if (error)
		return error;
	fd = packet_ring_socket();
	return fd < 0 ? errno : 0;
}

/* There is no way back from a namespace in which nothing is allowed, so a child
 * tries it first. */
int lab_packets_enter(void)
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		_exit(try_all());
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return errno;
	if (!WIFEXITED(status))
		return EPERM; /* a filter of system calls ended it */
	return WEXITSTATUS(status) ? WEXITSTATUS(status) : enter();
}

/* ---- begin and end ---- */

int lab_packets_add(struct lab_packets *packets, const char *host, int fd)
{
	struct packet_ring ring;

	if (packets->count == LAB_PACKET_RINGS) {
		close(fd);
		return EMFILE;
	}
	if (!packet_ring_open(&ring, fd))
		return errno;
	packets->sources[packets->count].ring = ring;
	packets->sources[packets->count++].host = host;
	return 0;
}

int lab_packets_begin(struct lab_packets *packets, const char *experiment,
	enum view_format format)
{
	int fd = packet_ring_socket();

	*packets = (struct lab_packets){
		.experiment = experiment,
		.format = format,
	};
	return fd < 0 ? errno : lab_packets_add(packets, NULL, fd);
}

void lab_packets_end(struct lab_packets *packets)
{
	for (size_t i = 0; i < packets->count; i++)
		packet_ring_close(&packets->sources[i].ring);
	packets->count = 0;
}

/* ---- what has left ---- */

/* One packet, as it is told. */
struct captured {
	struct packet packet;
	int64_t ns; /* since the experiment's first packet */
	const char *host;
	char interface[PACKET_RING_NAME_SIZE];
};

/* The source whose next packet left first, with that packet in *out; or the
 * count of sources when there is none. */
static size_t find_first(
	const struct lab_packets *packets, struct packet_frame *out)
{
	struct packet_frame frame;
	size_t first = packets->count;

	for (size_t i = 0; i < packets->count; i++) {
		if (packet_ring_peek(&packets->sources[i].ring, &frame) &&
			(first == packets->count || frame.ns < out->ns)) {
			*out = frame;
			first = i;
		}
	}
	return first;
}

/* The next packet in order of time, whatever namespace it left in; those that
 * cannot be read (fragments, say) are passed over.  False when there is none.
 */
static bool next_captured(struct lab_packets *packets, struct captured *out)
{
	struct packet_frame frame = {0};
	bool is_decoded = false;
	size_t at;

	while (!is_decoded &&
		(at = find_first(packets, &frame)) < packets->count) {
		if (packets->start_ns == 0)
			packets->start_ns = frame.ns;
		out->ns = frame.ns - packets->start_ns;
		out->host = packets->sources[at].host;
		packet_ring_interface(&packets->sources[at].ring,
			frame.interface_index, out->interface);
		is_decoded =
			packet_decode(frame.bytes, frame.size, &out->packet);
		packet_ring_take(&packets->sources[at].ring);
	}
	if (is_decoded && out->packet.protocol == PACKET_TCP)
		tcp_flows_follow(&packets->flows, &out->packet);
	return is_decoded;
}

static unsigned count_lost(struct lab_packets *packets)
{
	unsigned lost = 0;

	for (size_t i = 0; i < packets->count; i++)
		lost += packet_ring_lost(&packets->sources[i].ring);
	return lost;
}

/* ---- telling ---- */

static void print(struct buffer *out)
{
	fwrite(buffer_bytes(out), 1, buffer_size(out), stdout);
	fflush(stdout);
	buffer_fini(out);
}

static void print_line(const char *text)
{
	struct buffer out = BUFFER_EMPTY;

	wrap_append_marked(&out, "    packet:", INDENT, text);
	print(&out);
}

static void print_captured(const struct captured *captured)
{
	struct buffer text = BUFFER_EMPTY;

	buffer_append_format(&text, "%.4f ", (double)captured->ns / NS_PER_S);
	if (captured->host)
		buffer_append_format(&text, "%s's ", captured->host);
	buffer_append_format(&text, "%s ", captured->interface);
	packet_text_append(&text, &captured->packet);
	buffer_append_char(&text, '\0');
	print_line(buffer_bytes(&text));
	buffer_fini(&text);
}

static void print_object(
	const struct lab_packets *packets, const struct captured *captured)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	json_begin(&json, &out);
	json_string(&json, "event", "packet");
	json_string(&json, "experiment", packets->experiment);
	json_number(&json, "us", captured->ns / NS_PER_US);
	if (captured->host)
		json_string(&json, "host", captured->host);
	json_name(&json, "interface", captured->interface,
		strlen(captured->interface));
	packet_text_json(&json, &captured->packet);
	json_end(&json);
	print(&out);
}

static void print_number(unsigned count, const char *what)
{
	char text[80];

	snprintf(text, sizeof(text), "%u %s", count, what);
	print_line(text);
}

/* The last ones of `count`, in the order in which they came; `kept` is a ring
 * that the packet number FIRST_SHOWN begins. */
static void print_last(const struct captured kept[LAST_SHOWN], unsigned count)
{
	unsigned first = FIRST_SHOWN;

	if (count > FIRST_SHOWN + LAST_SHOWN) {
		first = count - LAST_SHOWN;
		print_number(first - FIRST_SHOWN, "more, and then");
	}
	for (unsigned i = first; i < count; i++)
		print_captured(&kept[i % LAST_SHOWN]);
}

void lab_packets_show(struct lab_packets *packets)
{
	struct captured kept[LAST_SHOWN];
	struct captured captured;
	unsigned count = 0;
	unsigned lost;

	for (; next_captured(packets, &captured); count++) {
		if (packets->format == VIEW_JSON)
			print_object(packets, &captured);
		else if (count < FIRST_SHOWN)
			print_captured(&captured);
		else
			kept[count % LAST_SHOWN] = captured;
	}
	if (packets->format == VIEW_JSON)
		return;
	print_last(kept, count);
	lost = count_lost(packets);
	if (lost > 0)
		print_number(lost, "more, which the capture had no room for");
}

void lab_packets_say_none(enum view_format format, int error)
{
	struct buffer out = BUFFER_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	struct json json;

	buffer_append_format(&text,
		"none can be shown here: a network namespace of one's own, "
		"and a capture there, are refused (%s, %s).  Root may, and "
		"whoever may make user namespaces.  The experiments run "
		"without.",
		error_name(error), error_meaning_in("unshare", error));
	buffer_append_char(&text, '\0');
	if (format == VIEW_JSON) {
		json_begin(&json, &out);
		json_string(&json, "event", "no_packets");
		json_string(&json, "error", error_name(error));
		json_string(&json, "text", buffer_bytes(&text));
		json_end(&json);
	} else {
		wrap_append_marked(&out, "packets:", 9, buffer_bytes(&text));
		buffer_append_char(&out, '\n');
	}
	print(&out);
	buffer_fini(&text);
}
