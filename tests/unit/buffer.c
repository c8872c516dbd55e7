/* SPDX-License-Identifier: ISC */
/* The byte queue against a plain array, and the cost of moving bytes in it. */
#include "mchat/base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"

static bool holds(const struct buffer *buffer, const char *bytes, size_t size)
{
	return buffer_size(buffer) == size &&
	       memcmp(buffer_bytes(buffer), bytes, size) == 0;
}

static void empty(void)
{
	struct buffer buffer = BUFFER_EMPTY;

	tap_ok(buffer_size(&buffer) == 0 && buffer_bytes(&buffer),
		"an empty buffer has bytes to point to");
	buffer_append(&buffer, NULL, 0);
	buffer_append_string(&buffer, "");
	buffer_append_format(&buffer, "%s", "");
	buffer_consume(&buffer, 5);
	tap_ok(buffer_size(&buffer) == 0 && !buffer.failed,
		"appending and consuming nothing is harmless");
	tap_ok(buffer_reserve(&buffer, 0), "reserving no room succeeds");
	buffer_fini(&buffer);
	tap_ok(!buffer.bytes && buffer.capacity == 0, "fini leaves it empty");
	buffer_fini(&buffer);
	buffer_append_char(&buffer, 'a');
	tap_ok(holds(&buffer, "a", 1), "a buffer can be used after fini");
	buffer_fini(&buffer);
}

static void appends_each_way(void)
{
	struct buffer buffer = BUFFER_EMPTY;
	char *room;

	buffer_append(&buffer, "a\0b", 3);
	buffer_append_string(&buffer, "cd");
	buffer_append_char(&buffer, '\0');
	buffer_append_format(&buffer, "%d-%s", -7, "x");
	room = buffer_reserve(&buffer, 10);
	memset(room, '?', 10);
	room[0] = 'y';
	room[1] = 'z';
	buffer_commit(&buffer, 2);
	tap_is_bytes(buffer_bytes(&buffer), buffer_size(&buffer),
		"a\0bcd\0-7-xyz", 12, "each way appends its bytes");
	buffer_consume(&buffer, 3);
	tap_ok(holds(&buffer, "cd\0-7-xyz", 9), "consuming drops the front");
	buffer_consume(&buffer, SIZE_MAX);
	tap_ok(buffer_size(&buffer) == 0, "consuming more drops all");
	buffer_fini(&buffer);
}

/* A text that just fits, that just does not, and that is far too long. */
static void formats_of_each_length(void)
{
	struct buffer buffer = BUFFER_EMPTY;
	size_t wrong = 0;
	size_t width;

	for (width = 0; width < 3000; width++) {
		buffer_fini(&buffer);
		buffer_append_char(&buffer, '<');
		buffer_append_format(&buffer, "%0*d", (int)width, 7);
		buffer_append_char(&buffer, '>');
		if (buffer_size(&buffer) != (width ? width : 1) + 2 ||
			buffer_bytes(&buffer)[buffer_size(&buffer) - 2] !=
				'7' ||
			buffer_bytes(&buffer)[buffer_size(&buffer) - 1] != '>')
			wrong++;
	}
	tap_is_int((intmax_t)wrong, 0, "formats of each length come whole");
	buffer_fini(&buffer);
}

static void out_of_memory(void)
{
	struct buffer buffer = BUFFER_EMPTY;
	const char *bytes;

	buffer_append_string(&buffer, "kept");
	bytes = buffer.bytes;
	tap_ok(!buffer_reserve(&buffer, SIZE_MAX),
		"SIZE_MAX bytes cannot be reserved");
	tap_ok(!buffer_reserve(&buffer, SIZE_MAX - 3),
		"a size that overflows cannot be reserved");
	tap_ok(buffer.failed, "a buffer remembers that it failed");
	tap_ok(holds(&buffer, "kept", 4),
		"a buffer that failed keeps its bytes");
	buffer_append_string(&buffer, "+");
	tap_ok(buffer.failed && holds(&buffer, "kept+", 5),
		"a failure stays while later bytes come in");
	buffer_clear(&buffer);
	tap_ok(!buffer.failed && buffer_size(&buffer) == 0,
		"clear forgets the failure and the bytes");
	tap_ok(buffer.bytes == bytes && buffer.capacity > 0,
		"clear keeps the memory");
	buffer_fini(&buffer);
}

/* The queue that the buffer should be. */
struct model {
	char bytes[1 << 16];
	size_t start;
	size_t end;
};

static void model_append(struct model *model, const char *bytes, size_t size)
{
	memcpy(model->bytes + model->end, bytes, size);
	model->end += size;
}

/* One random step of both. */
static void step(struct buffer *buffer, struct model *model)
{
	char bytes[700];
	size_t size = random_below(random_below(10) == 0 ? sizeof(bytes) : 40);
	size_t i;
	char *room;

	for (i = 0; i < size; i++)
		bytes[i] = (char)('a' + random_below(26));
	switch (random_below(5)) {
	case 0:
		buffer_append(buffer, bytes, size);
		model_append(model, bytes, size);
		break;
	case 1:
		room = buffer_reserve(buffer, size + random_below(100));
		memcpy(room, bytes, size);
		buffer_commit(buffer, size);
		model_append(model, bytes, size);
		break;
	case 2:
		buffer_append_format(buffer, "%.*s", (int)size, bytes);
		model_append(model, bytes, size);
		break;
	default:
		size = random_below(random_below(4) == 0 ? 2000 : 60);
		buffer_consume(buffer, size);
		if (size > model->end - model->start)
			size = model->end - model->start;
		model->start += size;
	}
}

static void against_a_model(void)
{
	static struct model model;
	size_t wrong = 0;
	int run;

	random_restart();
	for (run = 0; run < 300; run++) {
		struct buffer buffer = BUFFER_EMPTY;

		model.start = 0;
		model.end = 0;
		while (model.end < sizeof(model.bytes) - 1000) {
			step(&buffer, &model);
			if (!holds(&buffer, model.bytes + model.start,
				    model.end - model.start) ||
				buffer.end > buffer.capacity)
				wrong++;
		}
		buffer_fini(&buffer);
	}
	tap_ok(wrong == 0, "a queue like any other (SEED=%ju)",
		(uintmax_t)random_seed());
}

/*
 * Bytes wait in the queue while others go through: the memory stays in
 * proportion, and a byte is moved once on average at most.
 */
static void moves_are_paid_for(size_t waiting, size_t piece)
{
	static char bytes[100000];
	struct buffer buffer = BUFFER_EMPTY;
	size_t passed = 0;
	size_t moved = 0;

	buffer_append(&buffer, bytes, waiting);
	while (passed < 10 * waiting + 100000) {
		size_t start = buffer.start;

		buffer_append(&buffer, bytes, piece);
		if (buffer.start < start)
			moved += buffer_size(&buffer) - piece;
		buffer_consume(&buffer, piece);
		passed += piece;
	}
	tap_ok(moved <= passed,
		"%zu waiting, pieces of %zu: %zu of %zu bytes are moved",
		waiting, piece, moved, passed);
	tap_ok(buffer.capacity <= 4 * (waiting + piece) + 256,
		"%zu waiting, pieces of %zu: room for %zu bytes", waiting,
		piece, buffer.capacity);
	buffer_fini(&buffer);
}

int main(void)
{
	empty();
	appends_each_way();
	formats_of_each_length();
	out_of_memory();
	against_a_model();
	moves_are_paid_for(0, 1);
	moves_are_paid_for(50, 100);
	moves_are_paid_for(1000, 1);
	moves_are_paid_for(65536, 17);
	moves_are_paid_for(100000, 4096);
	return tap_done();
}
