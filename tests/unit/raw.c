/* SPDX-License-Identifier: ISC */
#include "mchat/chat/raw.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "tap.h"

static void test_line_end(const char *bytes, size_t size, const char *text,
	size_t text_size, const char *what)
{
	/* An allocation of the exact size, so that a read past it is found. */
	char *copy = malloc(size ? size : 1);
	struct datagram datagram = {.bytes = copy, .size = size};
	struct event event;

	memcpy(copy, bytes, size);
	raw_event(&datagram, "eth0", (struct wall_time){5}, &event);
	tap_is_bytes(event.plain.text, event.plain.size, text, text_size, what);
	free(copy);
}

static void test_advice(void)
{
	struct buffer out = BUFFER_EMPTY;
	struct address from = {0};
	struct address group = {0};

	address_parse("192.0.2.1", &from);
	from.port = 40000;
	address_parse("239.1.2.3", &group);
	group.port = 5000;
	raw_append_advice(&out, &from, &group);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out),
		"192.0.2.1 sends plain datagrams, as a textbook's program "
		"does: you read it, but it cannot read what this chat sends, "
		"and may print it as garbage; to talk with it, run mchat --raw "
		"239.1.2.3:5000",
		"who is met, what that means, and the next step");
	buffer_fini(&out);
}

int main(void)
{
	struct datagram datagram = {.bytes = "x", .size = 1, .hop_limit = 4};
	struct event event;

	test_line_end("hi\n", 3, "hi", 2, "LF is cut off");
	test_line_end("hi\r\n", 4, "hi\r", 3, "of CR LF the LF is cut off");
	test_line_end("hi\n\0", 4, "hi", 2, "LF NUL is cut off");
	test_line_end("hi\0", 3, "hi", 2, "NUL is cut off");
	test_line_end("hi", 2, "hi", 2, "no line end is fine");
	test_line_end("hi\n\n", 4, "hi\n", 3, "only one line end is cut off");
	test_line_end("hi\r", 3, "hi\r", 3, "CR alone is no line end");
	test_line_end("a\nb\n", 4, "a\nb", 3, "inner newlines stay");
	test_line_end("\n", 1, "", 0, "an empty line");
	test_line_end("\r\n", 2, "\r", 1, "a CR may be the line itself");
	test_line_end(
		"\0\n", 2, "\0", 1, "a NUL before LF belongs to the line");
	test_line_end("", 0, "", 0, "an empty datagram");

	address_parse("192.0.2.1", &datagram.from);
	raw_event(&datagram, "eth0", (struct wall_time){5}, &event);
	tap_ok(event.kind == EVENT_PLAIN && event.time.ms == 5 &&
			event.plain.hop_limit == 4 &&
			address_same_host(&event.plain.from, &datagram.from),
		"the event has the sender, time and TTL");
	tap_is_string(
		event.plain.interface, "eth0", "the event has the interface");
	test_advice();
	return tap_done();
}
