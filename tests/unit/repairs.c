/* SPDX-License-Identifier: ISC */
/* The heap of repairs against a plain list that is searched. */
#include "mchat/protocol/repairs.h"

#include <stdlib.h>

#include "random.h"
#include "tap.h"

#define STEPS 100000

struct model {
	struct repair list[REPAIRS_MAX];
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

/* Takes the one with this origin, which no two have; false without. */
static bool model_take(struct model *model, const struct repair *repair)
{
	for (size_t i = 0; i < model->count; i++) {
		const struct repair *it = &model->list[i];

		if (it->origin != repair->origin)
			continue;
		if (it->number != repair->number ||
			it->due.ns != repair->due.ns ||
			it->asked.ns != repair->asked.ns)
			return false;
		model->list[i] = model->list[--model->count];
		return true;
	}
	return false;
}

static bool add(struct repairs *repairs, struct model *model, uint64_t origin)
{
	struct repair repair = {
		.due = {(int64_t)random_below(50)},
		.asked = {(int64_t)random_below(1000)},
		.origin = origin,
		.number = random_below(20),
	};

	model->list[model->count++] = repair;
	return repairs_add(repairs, &repair);
}

static bool drop(struct repairs *repairs, struct model *model)
{
	const struct repair *first = repairs_first(repairs);
	struct repair copy;

	if (!first || model->count == 0)
		return !first && model->count == 0;
	copy = *first;
	if (copy.due.ns != model->list[model_first(model)].due.ns ||
		!model_take(model, &copy))
		return false;
	repairs_drop_first(repairs);
	return repairs->count == model->count;
}

static void against_model(void)
{
	struct model *model = calloc(1, sizeof(*model));
	struct repairs repairs = {0};
	bool good = true;
	int steps;

	if (!model)
		abort();
	random_restart();
	for (steps = 0; good && steps < STEPS; steps++) {
		/* Grows for a while, then shrinks for a while. */
		bool grows = random_below(10) < (steps / 500 % 2 ? 3 : 7);

		good = grows && model->count < REPAIRS_MAX
			       ? add(&repairs, model, (uint64_t)steps + 1)
			       : drop(&repairs, model);
	}
	tap_ok(good, "%d steps as a searched list does", steps);
	while (good && model->count > 0)
		good = drop(&repairs, model);
	tap_ok(good && !repairs_first(&repairs), "and all come out in order");
	repairs_fini(&repairs);
	free(model);
}

static void same_time(void)
{
	struct repairs repairs = {0};
	bool in_order = true;

	for (uint64_t n = 100; n > 0; n--)
		repairs_add(&repairs,
			&(struct repair){.number = n * 37 % 101, .origin = 1});
	for (uint64_t n = 1; n <= 100; n++) {
		in_order = in_order && repairs_first(&repairs)->number == n;
		repairs_drop_first(&repairs);
	}
	tap_ok(in_order, "of those due together the lowest number is first");
	repairs_fini(&repairs);
}

static void full(void)
{
	struct repairs repairs = {0};
	size_t added = 0;

	while (added <= REPAIRS_MAX &&
		repairs_add(
			&repairs, &(struct repair){.due = {(int64_t)-added}}))
		added++;
	tap_is_int((intmax_t)added, REPAIRS_MAX, "no more than fit");
	tap_is_int(repairs_first(&repairs)->due.ns,
		-(intmax_t)(REPAIRS_MAX - 1), "the earliest is first");
	repairs_drop_first(&repairs);
	tap_ok(repairs_add(&repairs, &(struct repair){.origin = 1}),
		"room again after one left");
	repairs_fini(&repairs);
	tap_ok(!repairs_first(&repairs), "nothing after fini");
	repairs_fini(&repairs);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	against_model();
	same_time();
	full();
	return tap_done();
}
