/* SPDX-License-Identifier: ISC */
/*
 * Engines on one wire, in virtual time: a packet that one sends reaches all
 * others at once, except those that the test cut off from it.
 */
#ifndef MCHAT_TESTS_ETHER_H
#define MCHAT_TESTS_ETHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/wire.h"

struct datagram;
struct engine;
struct engine_config;
struct event;

#define ETHER_MAX 4 /* engines */

/* The interface and hop limit of every packet that arrives. */
#define ETHER_INTERFACE 7
#define ETHER_HOP_LIMIT 1

struct ether {
	struct engine *engines[ETHER_MAX];   /* owned; NULL: none */
	bool is_cut[ETHER_MAX][ETHER_MAX];   /* from one to another */
	size_t limits[ETHER_MAX][ETHER_MAX]; /* bytes of a packet; 0: any */
	struct instant now;

	/* Given to the callbacks that watch the engines; NULL: none. */
	void *watcher;
	void (*sent)(struct ether *ether, size_t index, const uint8_t *packet,
		size_t size);
	void (*received)(struct ether *ether, size_t index,
		const struct datagram *datagram, enum wire_result result);
	void (*happened)(
		struct ether *ether, size_t index, const struct event *event);
};

/* An empty wire, at an arbitrary time. */
void ether_init(struct ether *ether);
void ether_fini(struct ether *ether);

/*
 * What the engine `index` is made of: ann, bob, cem and dee, of ids that begin
 * with 1, 2, 3, 4.
 */
struct engine_config ether_config(size_t index);

/* Joins an engine now; replaces one that was there, without a bye. */
void ether_join(
	struct ether *ether, const struct engine_config *config, size_t index);
void ether_remove(struct ether *ether, size_t index);

/* Joins the first `count`, and lets them meet. */
void ether_meet(struct ether *ether, size_t count);

/* One says a line. */
void ether_say(struct ether *ether, size_t index, const char *text);

/* Cuts one off from another, or joins them again. */
void ether_cut(struct ether *ether, size_t from, size_t to, bool is_cut);

/* Packets of more bytes are lost on the way from one to another. */
void ether_limit(struct ether *ether, size_t from, size_t to, size_t bytes);

/* Gives one engine a packet, as if it came over the wire. */
void ether_give(
	struct ether *ether, size_t index, const void *packet, size_t size);

/* Lets time pass; 0: only what is due now. */
void ether_run(struct ether *ether, struct duration duration);

#endif
