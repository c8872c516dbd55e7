/* SPDX-License-Identifier: ISC */
/*
 * Members that we hear and that do not hear us, since a firewall, a switch or a
 * small TTL lets packets pass in one direction only.
 */
#ifndef MCHAT_CHAT_ONE_WAY_H
#define MCHAT_CHAT_ONE_WAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/io/diagnostics.h"

struct buffer;
struct engine;
struct group_config;

/* A member has so long to report on us: four intervals of presence of a small
 * group (timers.c), each of which repeats what was lost. */
#define ONE_WAY_AFTER_MS 8000

/* Those that do not report on us are looked at so often. */
#define ONE_WAY_CHECK_MS 1000

/* In a larger group who hears whom is reported little by little (state_send.c):
 * there a member that does not report on us may well hear us. */
#define ONE_WAY_GROUP_MAX 128

/* Members that are followed at a time; of more nothing is told. */
#define ONE_WAY_MAX 16

/* Of several that do not hear us so many are named. */
#define ONE_WAY_NAMES_MAX 3

/* A member that has not reported on us yet. */
struct one_way_row {
	uint64_t id;
	struct instant since; /* it came */
	bool is_told;
};

struct one_way {
	struct one_way_row rows[ONE_WAY_MAX];
	size_t count;
	struct instant
		check_at; /* when to look again; NEVER: none to look at */
};

/* We join. */
void one_way_init(struct one_way *one_way);

/* Follows a member that joins. */
void one_way_follow(struct one_way *one_way, uint64_t id, struct instant now);

/* `config`: how we send, for the cause that fits.  Warns of members that have
 * not heard us for ONE_WAY_AFTER_MS, once of each, and says when one hears us
 * after all. */
void one_way_check(struct one_way *one_way, const struct engine *engine,
	const struct group_config *config, enum verbosity verbosity,
	struct instant now);

/* Appends the names of the members that do not hear us, as "bob, kim and 2
 * more"; returns how many these are, 0 when there is none.  `are_told`: only
 * those that were warned of. */
size_t one_way_append_names(const struct one_way *one_way,
	const struct engine *engine, bool are_told, struct buffer *out);

/* Appends why the first of them may not hear us, and the next step. */
void one_way_append_cause(const struct one_way *one_way,
	const struct engine *engine, const struct group_config *config,
	struct buffer *out);

#endif
