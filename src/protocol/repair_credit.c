/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/repair_credit.h"

static void add(struct repair_credit *credit, uint64_t bytes)
{
	credit->bytes = bytes < REPAIR_CREDIT_MAX - credit->bytes
				? credit->bytes + (size_t)bytes
				: REPAIR_CREDIT_MAX;
}

void repair_credit_add_state(struct repair_credit *credit, size_t size)
{
	add(credit, REPAIR_CREDIT_FACTOR * size);
}

void repair_credit_add_confirmed(struct repair_credit *credit, uint64_t bytes)
{
	credit->confirmed += bytes;
	add(credit, bytes);
}

bool repair_credit_is_earned(const struct repair_credit *credit)
{
	return credit->confirmed >= credit->caused;
}

void repair_credit_give_back(struct repair_credit *credit, size_t bytes)
{
	credit->caused -= bytes < credit->caused ? bytes : credit->caused;
	add(credit, bytes);
}

bool repair_credit_take(struct repair_credit *credit, size_t bytes)
{
	if (credit->bytes < bytes)
		return false;
	credit->bytes -= bytes;
	credit->caused += bytes;
	return true;
}
