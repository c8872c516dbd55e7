/* SPDX-License-Identifier: ISC */
#include "mchat/chat/one_way.h"

#include "mchat/base/buffer.h"
#include "mchat/network/group_socket.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "mchat/view/name.h"
#include "mchat/view/name_list.h"

void one_way_init(struct one_way *one_way)
{
	one_way->count = 0;
	one_way->check_at = INSTANT_NEVER;
}

static bool has(const struct one_way *one_way, uint64_t id)
{
	for (size_t i = 0; i < one_way->count; i++) {
		if (one_way->rows[i].id == id)
			return true;
	}
	return false;
}

void one_way_follow(struct one_way *one_way, uint64_t id, struct instant now)
{
	if (one_way->count == ONE_WAY_MAX || has(one_way, id))
		return;
	one_way->rows[one_way->count++] = (struct one_way_row){
		.id = id,
		.since = now,
	};
	one_way->check_at = instant_earlier(one_way->check_at,
		instant_after(now, duration_ms(ONE_WAY_CHECK_MS)));
}

/* ---- words ---- */

/* The member of a row, while it does not hear us. */
static bool find_unheard(const struct engine *engine,
	const struct one_way_row *row, struct engine_member *out)
{
	return engine_member_find(engine, row->id, out) && !out->hears_us;
}

size_t one_way_append_names(const struct one_way *one_way,
	const struct engine *engine, bool are_told, struct buffer *out)
{
	struct name_list names = {.max = ONE_WAY_NAMES_MAX};

	for (size_t i = 0; i < one_way->count; i++) {
		struct engine_member member;
		struct event_member name;

		if ((are_told && !one_way->rows[i].is_told) ||
			!find_unheard(engine, &one_way->rows[i], &member))
			continue;
		name = engine_member_name(&member);
		name_list_add(&names, &name, out);
	}
	name_list_end(&names, out);
	return names.count;
}

/* It is farther away than what we send goes. */
static void append_distance(
	struct buffer *out, int hops, const struct group_config *config)
{
	if (hops == 0)
		buffer_append_string(out, "it is on another host");
	else
		buffer_append_format(out, "it is %d router%s away", hops,
			hops == 1 ? "" : "s");
	buffer_append_format(out,
		" and the %s is %d; /ttl %d or --ttl %d reaches it",
		group_hop_limit_name(&config->address), config->hop_limit,
		hops + 1, hops + 1);
}

static void append_cause(struct buffer *out, const struct engine_member *member,
	const struct group_config *config)
{
	if (member->hops >= config->hop_limit)
		append_distance(out, member->hops, config);
	else
		buffer_append_format(out,
			"look for a firewall there that keeps UDP port %u "
			"out, and for a switch or Wi-Fi between that holds "
			"multicast back",
			config->address.port);
}

void one_way_append_cause(const struct one_way *one_way,
	const struct engine *engine, const struct group_config *config,
	struct buffer *out)
{
	struct engine_member member;

	for (size_t i = 0; i < one_way->count; i++) {
		if (find_unheard(engine, &one_way->rows[i], &member)) {
			append_cause(out, &member, config);
			return;
		}
	}
}

static void warn(const struct engine_member *member,
	const struct group_config *config, enum verbosity verbosity)
{
	struct buffer text = BUFFER_EMPTY;
	struct event_member name = engine_member_name(member);

	name_append(&text, &name);
	buffer_append_string(&text, " is here but does not hear you; ");
	append_cause(&text, member, config);
	buffer_append_char(&text, '\0');
	diagnostics_warning(verbosity, "%s", buffer_bytes(&text));
	buffer_fini(&text);
}

static void say_over(
	const struct engine_member *member, enum verbosity verbosity)
{
	struct buffer text = BUFFER_EMPTY;
	struct event_member name = engine_member_name(member);

	name_append(&text, &name);
	buffer_append_char(&text, '\0');
	diagnostics_warning(verbosity, "%s hears you now", buffer_bytes(&text));
	buffer_fini(&text);
}

/* ---- when it is due ---- */

/* Looks at one; false when it need not be followed any more. */
static bool check(struct one_way_row *row, const struct engine *engine,
	const struct group_config *config, enum verbosity verbosity,
	struct instant now)
{
	struct instant due =
		instant_after(row->since, duration_ms(ONE_WAY_AFTER_MS));
	struct engine_member member;

	if (!engine_member_find(engine, row->id, &member))
		return false;
	if (member.hears_us) {
		if (row->is_told)
			say_over(&member, verbosity);
		return false;
	}
	if (!row->is_told && !instant_before(now, due)) {
		warn(&member, config, verbosity);
		row->is_told = true;
	}
	return true;
}

void one_way_check(struct one_way *one_way, const struct engine *engine,
	const struct group_config *config, enum verbosity verbosity,
	struct instant now)
{
	size_t kept = 0;

	if (instant_before(now, one_way->check_at))
		return;
	if (engine_member_count(engine) > ONE_WAY_GROUP_MAX)
		one_way->count = 0;
	for (size_t i = 0; i < one_way->count; i++) {
		struct one_way_row row = one_way->rows[i];

		if (check(&row, engine, config, verbosity, now))
			one_way->rows[kept++] = row;
	}
	one_way->count = kept;
	one_way->check_at =
		kept > 0 ? instant_after(now, duration_ms(ONE_WAY_CHECK_MS))
			 : INSTANT_NEVER;
}
