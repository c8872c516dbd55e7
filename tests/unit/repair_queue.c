/* SPDX-License-Identifier: ISC */
/* The heap of repairs against a plain list that is searched. */
#include "mchat/protocol/repair_queue.h"

#include <stdlib.h>

#include "random.h"
#include "tap.h"

#define STEPS 100000

struct model {
	struct repair_queue_entry list[REPAIR_QUEUE_MAX];
	size_t count;
};

static size_t model_first(const struct model *model)
{
	size_t best = 0;

	for (size_t i = 1; i < model->count; i++)
		if (model->list[i].due.ns < model->list[best].due.ns)
			best = i;
	return best;
}

/* Takes the entry with this origin, which no two have; false if there is none
 * or it differs. */
static bool model_take(
	struct model *model, const struct repair_queue_entry *repair)
{
	for (size_t i = 0; i < model->count; i++) {
		const struct repair_queue_entry *it = &model->list[i];

		if (it->origin != repair->origin)
			continue;
		if (it->number != repair->number ||
			it->due.ns != repair->due.ns ||
			it->requested.ns != repair->requested.ns)
			return false;
		model->list[i] = model->list[--model->count];
		return true;
	}
	return false;
}

static bool add(
	struct repair_queue *queue, struct model *model, uint64_t origin)
{
	struct repair_queue_entry repair = {
		.due = {(int64_t)random_below(50)},
		.requested = {(int64_t)random_below(1000)},
		.origin = origin,
		.number = random_below(20),
	};

	model->list[model->count++] = repair;
	return repair_queue_add(queue, &repair);
}

static bool drop(struct repair_queue *queue, struct model *model)
{
	const struct repair_queue_entry *first = repair_queue_first(queue);
	struct repair_queue_entry copy;

	if (!first || model->count == 0)
		return !first && model->count == 0;
	copy = *first;
	if (copy.due.ns != model->list[model_first(model)].due.ns ||
		!model_take(model, &copy))
		return false;
	repair_queue_drop_first(queue);
	return queue->count == model->count;
}

static void against_model(void)
{
	struct model *model = calloc(1, sizeof(*model));
	struct repair_queue queue = {0};
	bool good = true;
	int steps;

	if (!model)
		abort();
	random_restart();
	for (steps = 0; good && steps < STEPS; steps++) {
		/* Grows for a while, then shrinks for a while. */
		bool grows = random_below(10) < (steps / 500 % 2 ? 3 : 7);

		good = grows && model->count < REPAIR_QUEUE_MAX
			       ? add(&queue, model, (uint64_t)steps + 1)
			       : drop(&queue, model);
	}
	tap_ok(good, "%d random steps give what a searched list gives", steps);
	while (good && model->count > 0)
		good = drop(&queue, model);
	tap_ok(good && !repair_queue_first(&queue),
		"all entries left come out in order");
	repair_queue_fini(&queue);
	free(model);
}

static void same_time(void)
{
	struct repair_queue queue = {0};
	bool in_order = true;

	for (uint64_t n = 100; n > 0; n--)
		repair_queue_add(
			&queue, &(struct repair_queue_entry){
					.number = n * 37 % 101, .origin = 1});
	for (uint64_t n = 1; n <= 100; n++) {
		in_order = in_order && repair_queue_first(&queue)->number == n;
		repair_queue_drop_first(&queue);
	}
	tap_ok(in_order, "of those due together the lowest number is first");
	repair_queue_fini(&queue);
}

static void full(void)
{
	struct repair_queue queue = {0};
	size_t added = 0;

	while (added <= REPAIR_QUEUE_MAX &&
		repair_queue_add(&queue,
			&(struct repair_queue_entry){.due = {-(int64_t)added}}))
		added++;
	tap_is_int((intmax_t)added, REPAIR_QUEUE_MAX,
		"no more entries are taken than fit");
	tap_is_int(repair_queue_first(&queue)->due.ns,
		-(intmax_t)(REPAIR_QUEUE_MAX - 1),
		"the earliest entry is first");
	repair_queue_drop_first(&queue);
	tap_ok(repair_queue_add(
		       &queue, &(struct repair_queue_entry){.origin = 1}),
		"when one entry left there is room for another");
	repair_queue_fini(&queue);
	tap_ok(!repair_queue_first(&queue), "after fini there is no entry");
	repair_queue_fini(&queue);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	against_model();
	same_time();
	full();
	return tap_done();
}
