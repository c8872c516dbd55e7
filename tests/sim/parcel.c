/* SPDX-License-Identifier: ISC */
#include "parcel.h"

#include <string.h>

#include "memory.h"

struct parcel *parcels_take(struct parcels *parcels)
{
	struct parcel *parcel = parcels->free;

	if (parcel)
		parcels->free = parcel->next;
	else
		parcel = memory_more(NULL, 1, sizeof(*parcel));
	memset(parcel, 0, offsetof(struct parcel, reports));
	parcel->users = 1;
	parcel->sender = PARCEL_NOBODY;
	parcel->origin = PARCEL_NOBODY;
	return parcel;
}

void parcels_drop(struct parcels *parcels, struct parcel *parcel)
{
	if (--parcel->users > 0)
		return;
	parcel->next = parcels->free;
	parcels->free = parcel;
}

void parcels_fini(struct parcels *parcels)
{
	while (parcels->free) {
		struct parcel *next = parcels->free->next;

		memory_free(parcels->free);
		parcels->free = next;
	}
}
