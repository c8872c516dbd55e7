/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/lacks.h"

#include "mchat/base/real.h"
#include "mchat/protocol/backfill.h"
#include "mchat/protocol/coding.h"
#include "mchat/protocol/decoder.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/path_mtu.h"

/* After so many NACKs in vain plain repairs are asked for; after the second
 * where combinations of the block did come, so that the NACKs were lost.  Since
 * NACKs may be lost in the first case, too, it is only for so many blocks. */
#define NACKS_MAX       3
#define NACKS_HEARD_MAX 6
#define PLAIN_BLOCKS    4

/* Unless the author has not been heard since the first of them: for so long, in
 * which somebody else can have begun to repair in its place. */
#define SILENT_MAX_MS 250

/* However small packets are, they are fast only with so many bytes each. */
#define BLOCK_SIZE_LEAST 500.0

/* With more members than this that may lack something, the block that is still
 * being sent is asked for as a block, too. */
#define FEW 4

/* Whether the author sends so fast that its blocks fill soon. */
static bool is_fast(const struct engine *e, const struct member *m)
{
	double mean = (double)receive_window_mean_size(&m->window);

	return byte_rate_get(&e->receiving) * LACKS_BLOCK_MS >=
	       real_max(mean, BLOCK_SIZE_LEAST) * CODING_BLOCK * 1000;
}

/* Whether plain repairs are asked for since combinations do not come; or those
 * that are held, which may be false, seem to be enough. */
static bool is_vain(const struct member *m, struct instant now)
{
	const struct receive_window *s = &m->window;
	struct instant end =
		instant_after(m->heard, duration_ms(SILENT_MAX_MS));
	struct wire_lack lack;

	if (m->nacks < NACKS_MAX)
		return false;
	lack = decoder_lack(s, coding_block_first(s->next), s->known + 1);
	if (lack.packets == 0)
		return true;
	return (m->has_answered || !instant_before(now, end)) &&
	       m->nacks >= (lack.heard > 0 ? NACKS_HEARD_MAX : NACKS_MAX);
}

/* Whether combinations of this author's packets are worth while, if not of the
 * block that we go on with. */
static bool are_useful(
	const struct engine *e, const struct member *m, struct instant now)
{
	const struct receive_window *s = &m->window;

	/* The author counts among those that are here. */
	return e->members.here > LACKS_RECEIVERS_LEAST - 1 && s->is_open &&
	       !backfill_is_counting(s) && s->next >= s->anchor &&
	       !path_mtu_gets_fragments(m, now);
}

bool lacks_are_used(
	const struct engine *e, const struct member *m, struct instant now)
{
	const struct receive_window *s = &m->window;

	return are_useful(e, m, now) && !is_vain(m, now) &&
	       decoder_is_usable(s, coding_block_first(s->next));
}

uint64_t lacks_plain_end(
	const struct engine *e, const struct member *m, struct instant now)
{
	const struct receive_window *s = &m->window;

	return are_useful(e, m, now)
		       ? coding_block_first(s->next) +
				 (uint64_t)PLAIN_BLOCKS * CODING_BLOCK
		       : s->known + 1;
}

/* Whether the block that still comes in is asked for as a block, too: it should
 * have come whole by now, or there are many who may lack something of it. */
static bool is_open_block_asked(
	const struct engine *e, const struct member *m, struct instant now)
{
	struct duration wait = duration_ms(INT64_C(2) * LACKS_BLOCK_MS);

	if (!is_fast(e, m))
		return e->members.here > FEW;
	return !instant_before(now, instant_after(m->gap_since, wait));
}

/* Behind the last packet that is asked for block by block. */
static uint64_t lacks_end(
	const struct engine *e, const struct member *m, struct instant now)
{
	const struct receive_window *s = &m->window;
	uint64_t window_end = s->next + RECEIVE_WINDOW_PACKETS;
	uint64_t end = s->known + 1;

	if (end > window_end)
		return coding_block_first(window_end);
	return is_open_block_asked(e, m, now) ? end : coding_block_first(end);
}

uint8_t lacks_list(const struct engine *e, const struct member *m,
	struct wire_lack *out, uint64_t *out_gaps_from, struct instant now)
{
	const struct receive_window *s = &m->window;
	uint64_t end = lacks_end(e, m, now);
	uint64_t first = coding_block_first(s->next);
	uint8_t count = 0;
	uint8_t used = 0;

	while (first < end && count < WIRE_LACK_BLOCKS_MAX) {
		out[count] = decoder_lack(s, first, end);
		if (out[count++].packets > 0)
			used = count;
		first += CODING_BLOCK;
	}
	/* At a fast author's the rest is asked for as soon as it is whole. */
	*out_gaps_from = is_fast(e, m) ? s->known + 1 : end;
	return used;
}

bool lacks_wait(
	const struct engine *e, const struct member *m, struct instant now)
{
	const struct receive_window *s = &m->window;

	return lacks_are_used(e, m, now) && is_fast(e, m) &&
	       coding_block_first(s->next) >= lacks_end(e, m, now);
}

bool lacks_are_asked(const struct engine *e, const struct member *m,
	uint64_t next, const struct wire_lacks *lacks, struct instant now)
{
	const struct receive_window *s = &m->window;
	uint64_t first = coding_block_first(s->next);
	uint64_t end = lacks_end(e, m, now);
	uint64_t asked_from = coding_block_first(next);

	if (!lacks_are_used(e, m, now) || first < asked_from)
		return false;
	for (; first < end; first += CODING_BLOCK) {
		uint64_t block = (first - asked_from) / CODING_BLOCK;
		unsigned asked =
			block < lacks->count
				? wire_lack_at(lacks, (unsigned)block).packets
				: 0;

		if (decoder_lack(s, first, end).packets > asked)
			return false;
	}
	return true;
}
