/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/member_record.h"

#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/doctor/probe_plan.h"
#include "mchat/protocol/probe.h"
#include "mchat/protocol/wire.h"

void member_record_init(struct member_record *record, struct evidence *evidence,
	uint64_t self, struct instant now)
{
	*record = (struct member_record){
		.evidence = evidence,
		.self = self,
		.begun = now,
	};
}

/* ---- members ---- */

static bool is_own_address(
	const struct evidence *evidence, const struct address *from)
{
	for (size_t i = 0; i < evidence->own_count; i++) {
		if (address_same_host(&evidence->own[i], from))
			return true;
	}
	return false;
}

static bool is_own(const struct member_record *record, uint64_t id)
{
	for (size_t i = 0; i < record->own_count; i++) {
		if (record->own[i] == id)
			return true;
	}
	return id == record->self;
}

static void add_own(struct member_record *record, uint64_t id)
{
	if (!is_own(record, id) && record->own_count < MEMBER_RECORD_OWN_MAX)
		record->own[record->own_count++] = id;
}

/* Who was named by this address, and has not been heard of so far; or NULL. */
static struct member_evidence *find_nameless(
	struct evidence *evidence, const struct address *address)
{
	for (size_t i = 0; i < evidence->member_count; i++) {
		struct member_evidence *it = &evidence->members[i];

		if (it->id == 0 && address_same_host(&it->address, address))
			return it;
	}
	return NULL;
}

static struct member_evidence *add(
	struct evidence *evidence, uint64_t id, const struct address *address)
{
	struct member_evidence *it;

	if (evidence->member_count == EVIDENCE_MEMBERS_MAX)
		return NULL;
	it = &evidence->members[evidence->member_count++];
	*it = (struct member_evidence){
		.address = *address,
		.id = id,
		.hops = -1,
		.round_trip_us = -1,
		.joined_s = -1,
	};
	return it;
}

/* The member, which is added when it is new; NULL when there is no room. */
static struct member_evidence *find(
	struct evidence *evidence, uint64_t id, const struct address *address)
{
	struct member_evidence *nameless = find_nameless(evidence, address);

	for (size_t i = 0; i < evidence->member_count; i++) {
		if (evidence->members[i].id != id)
			continue;
		/* It has several addresses, and was named by this one. */
		if (nameless)
			nameless->is_known = true;
		return &evidence->members[i];
	}
	if (!nameless)
		return add(evidence, id, address);
	nameless->id = id;
	return nameless;
}

void member_record_name(
	struct member_record *record, const struct address *address)
{
	struct member_evidence *it;

	if (is_own_address(record->evidence, address) ||
		find_nameless(record->evidence, address))
		return;
	it = add(record->evidence, 0, address);
	if (it)
		it->is_named = true;
}

void member_record_add_gateway(struct member_record *record,
	const struct address *address, unsigned interface_index)
{
	struct member_evidence *it = find_nameless(record->evidence, address);

	/* Who named it wants more to be known of it. */
	if (it || is_own_address(record->evidence, address))
		return;
	it = add(record->evidence, 0, address);
	if (!it)
		return;
	it->is_gateway = true;
	it->interface_index = interface_index;
}

void member_record_sent(
	struct member_record *record, unsigned number, struct instant now)
{
	record->sent_at[number] = now;
}

void member_record_failed(
	struct member_record *record, const struct address *address, int error)
{
	struct evidence *evidence = record->evidence;

	for (size_t i = 0; i < evidence->member_count; i++) {
		if (address_same_host(&evidence->members[i].address, address))
			evidence->members[i].error = error;
	}
}

/* ---- replies ---- */

/* Systems send unicast with one of these (64: Linux, BSD; 128: Windows). */
static int hops_of(int hop_limit)
{
	static const int begin[] = {64, 128, 255};

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++) {
		if (hop_limit <= begin[i])
			return hop_limit < 0 ? -1 : begin[i] - hop_limit;
	}
	return -1;
}

static void note_way(
	struct member_evidence *it, const struct probe_reply *reply)
{
	struct planned_probe probe = probe_plan_at(reply->number);
	int hops = (int)probe.hop_limit - reply->hop_limit;

	it->reached[probe.way][probe.class]++;
	if (it->last[probe.way] <= reply->number)
		it->last[probe.way] = reply->number + 1U;
	/* What went to a group says how far it came, too. */
	if (probe.way != WAY_UNICAST && probe.way != WAY_BROADCAST &&
		it->hops < 0 && hops >= 0)
		it->hops = hops;
}

static void note_reply(struct member_record *record, struct member_evidence *it,
	const struct probe_reply *reply, const struct member_arrival *arrival)
{
	size_t at = (size_t)(it - record->evidence->members);
	int64_t trip_us;

	if (reply->number >= EVIDENCE_NUMBERS)
		return;
	trip_us =
		instant_until(record->sent_at[reply->number], arrival->at).ns /
		NS_PER_US;
	it->is_answering = true;
	it->is_doctor = reply->is_doctor;
	it->host = reply->host;
	it->joined_s = reply->joined_s;
	if (arrival->is_direct) {
		it->direct++;
		if (arrival->hop_limit >= 0)
			it->hops = hops_of(arrival->hop_limit);
	} else {
		it->by_group++;
	}
	if (it->round_trip_us < 0 || trip_us < it->round_trip_us)
		it->round_trip_us = trip_us;
	if (!record->is_reached[at][reply->number])
		note_way(it, reply);
	record->is_reached[at][reply->number] = true;
}

/* Whom the replier hears on our link, since we listen, too. */
static void note_members(struct member_record *record,
	const struct probe_reply *reply, const struct member_arrival *arrival)
{
	int64_t since_ms =
		instant_until(record->begun, arrival->at).ns / NS_PER_MS;
	struct probe_member listed;

	for (size_t i = 0;
		i < reply->members &&
		probe_member_at(arrival->bytes, arrival->size, i, &listed);
		i++) {
		struct member_evidence *it;

		if (listed.age_ms >= since_ms || is_own(record, listed.id))
			continue;
		if (address_is_link_local(&listed.address) &&
			listed.address.family == ADDRESS_IPV6)
			listed.address.scope = arrival->interface_index;
		it = find(record->evidence, listed.id, &listed.address);
		if (!it)
			return;
		it->is_listed = true;
		it->listed_by = arrival->from;
		if (it->interface_index == 0)
			it->interface_index = arrival->interface_index;
	}
}

/* Whether it was sent by this host; or by one that has our address, which is
 * noted. */
static bool is_ours(struct member_record *record, uint64_t sender,
	const struct probe_reply *reply, const struct member_arrival *arrival)
{
	bool has_address = is_own_address(record->evidence, &arrival->from);
	bool is_known = reply && reply->host != 0 && record->host != 0;

	if (is_known && reply->host != record->host) {
		if (has_address) {
			record->evidence->has_double = true;
			record->evidence->double_address = arrival->from;
			record->evidence->double_told_by = arrival->from;
		}
		return has_address;
	}
	if (!has_address && !is_known)
		return is_own(record, sender);
	add_own(record, sender);
	return true;
}

/* ---- what came ---- */

/* The member that sent a STATE; 0 when it is none. */
static uint64_t state_sender(
	const struct member_arrival *arrival, bool *has_left)
{
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, arrival->bytes, arrival->size);
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		header.type != WIRE_STATE)
		return 0;
	*has_left = header.flags & WIRE_BYE;
	return header.member;
}

void member_record_take(
	struct member_record *record, const struct member_arrival *arrival)
{
	struct probe_reply reply;
	bool is_reply =
		probe_reply_decode(arrival->bytes, arrival->size, &reply);
	/* What stands for a host is another number for another asker. */
	bool is_for_us = is_reply && reply.asker == record->self;
	bool has_left = false;
	uint64_t sender =
		is_reply ? reply.member : state_sender(arrival, &has_left);
	struct member_evidence *it;

	if (wire_is_of_other_version(arrival->bytes, arrival->size)) {
		record->evidence->has_other_version = true;
		record->evidence->other_version = arrival->from;
	}
	if (sender == 0 ||
		is_ours(record, sender, is_for_us ? &reply : NULL, arrival))
		return;
	it = find(record->evidence, sender, &arrival->from);
	if (!it)
		return;
	it->has_left = it->has_left || has_left;
	if (arrival->interface_index != 0)
		it->interface_index = arrival->interface_index;
	if (!arrival->is_direct) {
		it->heard++;
		it->address = arrival->from;
	}
	if (!is_for_us)
		return;
	note_reply(record, it, &reply, arrival);
	note_members(record, &reply, arrival);
}

/* ---- the end ---- */

void member_record_end(struct member_record *record)
{
	struct evidence *evidence = record->evidence;
	size_t kept = 0;

	evidence->others = 0;
	for (size_t i = 0; i < evidence->member_count; i++) {
		const struct member_evidence *it = &evidence->members[i];
		bool is_there = it->heard > 0 || it->is_answering;

		if (it->is_known || (it->id != 0 && is_own(record, it->id)))
			continue;
		if (!is_there && is_own_address(evidence, &it->address)) {
			evidence->has_double = true;
			evidence->double_address = it->address;
			evidence->double_told_by = it->listed_by;
			continue;
		}
		evidence->others += is_there;
		evidence->members[kept++] = *it;
	}
	evidence->member_count = kept;
}
