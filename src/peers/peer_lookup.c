/* SPDX-License-Identifier: ISC */
#include "mchat/peers/peer_lookup.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "mchat/io/clock.h"

void peer_lookup_begin(struct peer_lookup *lookup,
	const struct peer_name *names, size_t count, uint16_t port,
	struct peer_table *table, struct instant now)
{
	*lookup = (struct peer_lookup){
		.names = names,
		.count = count,
		.port = port,
		.resolver = RESOLVER_IDLE,
	};
	for (size_t i = 0; i < count; i++) {
		struct address address;
		bool is_address = peer_name_address(&names[i], port, &address);

		lookup->due[i] = is_address ? INSTANT_NEVER : now;
		lookup->next_due[i] = INSTANT_NEVER;
		if (is_address)
			(void)peer_table_name(table, i, &address, now);
	}
}

static void say_failure(
	struct peer_lookup *lookup, size_t name, const char *why)
{
	if (!lookup->has_failed[name])
		diagnostics_error("peer %s: %s; mchat looks it up again each "
				  "%d s: check the name",
			lookup->names[name].host, why,
			PEER_LOOKUP_AGAIN_MS / 1000);
	lookup->has_failed[name] = true;
}

static void say_found(struct peer_lookup *lookup, size_t name,
	const struct address *address, enum verbosity verbosity)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(address, text);
	if (lookup->has_failed[name])
		diagnostics_warning(verbosity, "peer %s: found, it is %s",
			lookup->names[name].host, text);
	else
		diagnostics_detail(verbosity, "peer %s is %s",
			lookup->names[name].host, text);
	lookup->has_failed[name] = false;
}

static bool is_heard(const struct peer_table *table, size_t name)
{
	int peer = peer_table_find_name(table, name);

	return peer >= 0 && table->peers[peer].is_heard;
}

/* The peer of this name has the next of its addresses; which it is, or -1 when
 * it has had that. */
static int enter_next(struct peer_lookup *lookup, size_t name,
	struct peer_table *table, struct instant now)
{
	const struct resolved *found = &lookup->found[name];
	const struct address *address = &found->addresses[lookup->next[name]];
	bool is_known = peer_table_find(table, address) >= 0;
	int peer = peer_table_name(table, name, address, now);

	lookup->next[name]++;
	lookup->next_due[name] =
		lookup->next[name] < found->count
			? instant_after(now, duration_ms(PEER_LOOKUP_NEXT_MS))
			: INSTANT_NEVER;
	if (peer >= 0)
		peer_table_set_others(
			table, peer, found->addresses, found->count);
	return is_known ? -1 : peer;
}

/* A name has these addresses.  One that is heard keeps what it has, if that is
 * among them. */
static int enter(struct peer_lookup *lookup, size_t name,
	const struct resolved *resolved, struct peer_table *table,
	struct instant now)
{
	uint16_t port = lookup->names[name].port;
	struct resolved *found = &lookup->found[name];
	int peer = -1;

	*found = *resolved;
	for (size_t i = 0; i < found->count; i++) {
		found->addresses[i].port = port ? port : lookup->port;
		peer = peer_table_find(table, &found->addresses[i]);
		if (peer >= 0 && table->peers[peer].name == name &&
			table->peers[peer].is_heard)
			return -1;
	}
	lookup->due[name] =
		instant_after(now, duration_ms(PEER_LOOKUP_UNHEARD_MS));
	lookup->next[name] = 0;
	return enter_next(lookup, name, table, now);
}

/* Goes on to the next address of a name whose host is not heard. */
static int try_next(struct peer_lookup *lookup, size_t name,
	struct peer_table *table, struct instant now)
{
	if (instant_before(now, lookup->next_due[name]))
		return -1;
	lookup->next_due[name] = INSTANT_NEVER;
	return is_heard(table, name) ? -1
				     : enter_next(lookup, name, table, now);
}

static int take(struct peer_lookup *lookup, struct peer_table *table,
	enum verbosity verbosity, struct instant now)
{
	size_t name = lookup->resolving;
	struct resolved resolved;
	const char *why = NULL;
	int peer = -1;

	switch (resolver_take(&lookup->resolver, now, &resolved, &why)) {
	case RESOLVER_RUNS:
		break;
	case RESOLVER_FOUND:
		peer = enter(lookup, name, &resolved, table, now);
		if (peer >= 0 || lookup->has_failed[name])
			say_found(lookup, name,
				&lookup->found[name].addresses[0], verbosity);
		break;
	case RESOLVER_FAILED:
		say_failure(lookup, name, why);
		break;
	}
	return peer;
}

static void start(struct peer_lookup *lookup, const struct peer_table *table,
	size_t name, struct instant now)
{
	lookup->due[name] =
		instant_after(now, duration_ms(PEER_LOOKUP_AGAIN_MS));
	if (is_heard(table, name)) {
		lookup->due[name] = INSTANT_NEVER;
		return;
	}
	lookup->resolving = name;
	if (resolver_start(&lookup->resolver, lookup->names[name].host, now) <
		0)
		say_failure(lookup, name, strerror(errno));
}

int peer_lookup_tick(struct peer_lookup *lookup, struct peer_table *table,
	enum verbosity verbosity, struct instant now)
{
	int peer = -1;

	if (lookup->resolver.pid > 0)
		peer = take(lookup, table, verbosity, now);
	for (size_t i = 0; i < lookup->count; i++) {
		if (lookup->resolver.pid <= 0 &&
			!instant_before(now, lookup->due[i]))
			start(lookup, table, i, now);
	}
	for (size_t i = 0; i < lookup->count && peer < 0; i++)
		peer = try_next(lookup, i, table, now);
	return peer;
}

struct instant peer_lookup_deadline(const struct peer_lookup *lookup)
{
	struct instant next = INSTANT_NEVER;

	for (size_t i = 0; i < lookup->count; i++)
		next = instant_earlier(next, lookup->next_due[i]);
	if (lookup->resolver.pid > 0)
		return instant_earlier(next, lookup->resolver.until);
	for (size_t i = 0; i < lookup->count; i++)
		next = instant_earlier(next, lookup->due[i]);
	return next;
}

void peer_lookup_wait(struct peer_lookup *lookup, struct peer_table *table,
	enum verbosity verbosity)
{
	struct instant begun = clock_now();
	struct instant end =
		instant_after(begun, duration_ms(PEER_LOOKUP_START_MS));
	struct instant now = begun;

	/* What is due later was looked up once. */
	while (instant_before(now, end)) {
		struct pollfd polled = {.events = POLLIN};

		(void)peer_lookup_tick(lookup, table, verbosity, now);
		if (lookup->resolver.pid <= 0)
			return;
		polled.fd = lookup->resolver.fd;
		(void)poll(&polled, 1,
			(int)(instant_until(now, end).ns / NS_PER_MS) + 1);
		now = clock_now();
	}
}

/* Whether an address may come to be another: a name, or an interface that has
 * another number when it comes back. */
static bool may_change(const struct peer_lookup *lookup, size_t name)
{
	struct address address;

	return !peer_name_address(
		       &lookup->names[name], lookup->port, &address) ||
	       address.scope != 0;
}

void peer_lookup_renew(
	struct peer_lookup *lookup, size_t name, struct instant now)
{
	if (may_change(lookup, name))
		lookup->due[name] = now;
}

void peer_lookup_end(struct peer_lookup *lookup)
{
	resolver_stop(&lookup->resolver);
}
