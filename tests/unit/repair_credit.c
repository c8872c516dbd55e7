/* SPDX-License-Identifier: ISC */
/* How many bytes of repair a member may cause: 50 times what it sends, and what
 * it confirms. */
#include "mchat/protocol/repair_credit.h"

#include "tap.h"

int main(void)
{
	struct repair_credit credit = {0};
	size_t taken = 0;

	tap_ok(!repair_credit_take(&credit, 1), "a stranger causes nothing");
	repair_credit_add_state(&credit, 100);
	tap_ok(repair_credit_take(&credit, 3000),
		"a STATE of 100 bytes gives credit for 3,000");
	tap_ok(!repair_credit_take(&credit, 2001),
		"a STATE gives no more than 50 times its size");
	tap_ok(repair_credit_take(&credit, 2000),
		"a STATE gives 50 times its size in all");
	tap_ok(!repair_credit_take(&credit, 1),
		"a STATE's credit is used once");
	repair_credit_give_back(&credit, 100);
	tap_ok(repair_credit_take(&credit, 100),
		"credit given back can be taken again");
	tap_ok(!repair_credit_take(&credit, 1),
		"credit given back is used once");
	repair_credit_add_confirmed(&credit, 1500);
	tap_ok(repair_credit_take(&credit, 1500),
		"what a member confirms gives as much credit");
	tap_ok(!repair_credit_take(&credit, 1),
		"credit for what was confirmed is used once");
	/* As size_t it would be 0 on a 32-bit processor. */
	repair_credit_add_confirmed(&credit, UINT64_C(1) << 32);
	tap_is_int((intmax_t)credit.bytes, REPAIR_CREDIT_MAX,
		"4 GiB confirmed at once are not taken for none");
	for (int i = 0; i < 1000; i++)
		repair_credit_add_state(&credit, 1472);
	repair_credit_add_confirmed(&credit, SIZE_MAX);
	tap_is_int((intmax_t)credit.bytes, REPAIR_CREDIT_MAX,
		"no more credit than for half a window can be saved up");
	while (repair_credit_take(&credit, 1472))
		taken++;
	tap_is_int((intmax_t)taken, 2048, "half a window is 2,048 packets");
	return tap_done();
}
