/* SPDX-License-Identifier: ISC */
#include "mchat/network/send_batch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/network/send_batch_types.h"

struct send_batch *send_batch_new(bool has_bursts)
{
	struct send_batch *batch = calloc(1, sizeof(struct send_batch));

	if (!batch)
		return NULL;
	batch->has_bursts = has_bursts;
	batch->burst_max = SEND_BURST_USUAL;
	if (send_calls_new(&batch->calls))
		return batch;
	free(batch);
	return NULL;
}

void send_batch_free(struct send_batch *batch)
{
	if (batch)
		free(batch->calls);
	free(batch);
}

void send_batch_set_burst(struct send_batch *batch, unsigned most)
{
	batch->burst_max = most;
}

bool send_batch_is_full(const struct send_batch *batch)
{
	return batch->count == SEND_BATCH_MAX;
}

size_t send_batch_count(const struct send_batch *batch)
{
	return batch->count;
}

/* sendmsg reads through iov_base, which C cannot say in its type. */
static void *unqualified(const void *bytes)
{
	return (void *)(uintptr_t)bytes;
}

void send_batch_add(struct send_batch *batch, const char *bytes, size_t size,
	const char *tail)
{
	struct iovec *parts = batch->parts[batch->count];

	batch->are_states[batch->count++] = false;
	parts[0].iov_base = unqualified(bytes);
	parts[0].iov_len = size;
	parts[1].iov_base = unqualified(tail);
	parts[1].iov_len = strlen(tail);
}

void send_batch_mark_state(struct send_batch *batch)
{
	batch->are_states[batch->count - 1] = true;
}

bool send_batch_is_state(const struct send_batch *batch, size_t i)
{
	return batch->are_states[i];
}

const void *send_batch_bytes(
	const struct send_batch *batch, size_t i, size_t *size)
{
	*size = batch->parts[i][0].iov_len;
	return batch->parts[i][0].iov_base;
}

void send_batch_clear(struct send_batch *batch)
{
	batch->count = 0;
}
