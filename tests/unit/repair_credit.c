/* SPDX-License-Identifier: ISC */
/* What a member may cause: 50 times what it sends, and what it confirms. */
#include "mchat/protocol/repair_credit.h"

#include "tap.h"

int main(void)
{
	struct repair_credit credit = {0};
	size_t taken = 0;

	tap_ok(!repair_credit_take(&credit, 1), "a stranger causes nothing");
	repair_credit_add_state(&credit, 100);
	tap_ok(repair_credit_take(&credit, 3000), "a STATE of 100 bytes");
	tap_ok(!repair_credit_take(&credit, 2001), "not more than 50 times");
	tap_ok(repair_credit_take(&credit, 2000), "but that");
	tap_ok(!repair_credit_take(&credit, 1), "once");
	repair_credit_give_back(&credit, 100);
	tap_ok(repair_credit_take(&credit, 100), "what was not sent, again");
	tap_ok(!repair_credit_take(&credit, 1), "once");
	repair_credit_add_confirmed(&credit, 1500);
	tap_ok(repair_credit_take(&credit, 1500), "and what it confirms");
	tap_ok(!repair_credit_take(&credit, 1), "once");
	for (int i = 0; i < 1000; i++)
		repair_credit_add_state(&credit, 1472);
	repair_credit_add_confirmed(&credit, SIZE_MAX);
	tap_is_int((intmax_t)credit.bytes, REPAIR_CREDIT_MAX,
		"no more can be saved up than two windows");
	while (repair_credit_take(&credit, 1472))
		taken++;
	tap_is_int((intmax_t)taken, 2048, "which are so many packets");
	return tap_done();
}
