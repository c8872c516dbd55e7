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

/* A name has this address. */
static int enter(struct peer_lookup *lookup, size_t name,
	struct address *address, struct peer_table *table, struct instant now)
{
	uint16_t port = lookup->names[name].port;
	bool is_known;

	address->port = port ? port : lookup->port;
	is_known = peer_table_find(table, address) >= 0;
	lookup->due[name] =
		instant_after(now, duration_ms(PEER_LOOKUP_UNHEARD_MS));
	if (is_known) {
		(void)peer_table_name(table, name, address, now);
		return -1;
	}
	return peer_table_name(table, name, address, now);
}

static int take(struct peer_lookup *lookup, struct peer_table *table,
	enum verbosity verbosity, struct instant now)
{
	size_t name = lookup->resolving;
	struct address address;
	const char *why = NULL;
	int peer = -1;

	switch (resolver_take(&lookup->resolver, now, &address, &why)) {
	case RESOLVER_RUNS:
		break;
	case RESOLVER_FOUND:
		peer = enter(lookup, name, &address, table, now);
		if (peer >= 0)
			say_found(lookup, name, &table->peers[peer].address,
				verbosity);
		break;
	case RESOLVER_FAILED:
		say_failure(lookup, name, why);
		break;
	}
	return peer;
}

static bool is_heard(const struct peer_table *table, size_t name)
{
	for (size_t i = 0; i < PEER_MAX; i++) {
		if (table->peers[i].kind == PEER_NAMED &&
			table->peers[i].name == name)
			return table->peers[i].is_heard;
	}
	return false;
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
	return peer;
}

struct instant peer_lookup_deadline(const struct peer_lookup *lookup)
{
	struct instant next = INSTANT_NEVER;

	if (lookup->resolver.pid > 0)
		return lookup->resolver.until;
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

void peer_lookup_renew(
	struct peer_lookup *lookup, size_t name, struct instant now)
{
	struct address address;

	if (!peer_name_address(&lookup->names[name], lookup->port, &address))
		lookup->due[name] = now;
}

void peer_lookup_end(struct peer_lookup *lookup)
{
	resolver_stop(&lookup->resolver);
}
