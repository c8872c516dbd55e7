/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/down_interfaces.h"

#include <stdio.h>

#include "tap.h"

int main(void)
{
	struct down_interfaces down = {0};
	char name[INTERFACE_NAME_SIZE];

	tap_is_int(down_interfaces_find(&down, "eth0"), DOWN_INTERFACES_NONE,
		"at first no interface is down");
	down_interfaces_note(&down, "eth0", DOWN_INTERFACES_GONE);
	down_interfaces_note(&down, "eth1", DOWN_INTERFACES_REFUSED);
	tap_is_int(down_interfaces_find(&down, "eth0"), DOWN_INTERFACES_GONE,
		"an interface that was noted as gone is gone");
	tap_is_int(down_interfaces_find(&down, "eth1"), DOWN_INTERFACES_REFUSED,
		"an interface that was noted as refused is refused");
	tap_is_int(down_interfaces_find(&down, "eth"), DOWN_INTERFACES_NONE,
		"a part of a name is not found");
	down_interfaces_note(&down, "eth0", DOWN_INTERFACES_REFUSED);
	tap_ok(down_interfaces_find(&down, "eth0") == DOWN_INTERFACES_REFUSED &&
			down.count == 2,
		"the reason that was noted last holds");
	down_interfaces_note(&down, "eth1", DOWN_INTERFACES_NONE);
	down_interfaces_note(&down, "eth1", DOWN_INTERFACES_NONE);
	tap_ok(down_interfaces_find(&down, "eth1") == DOWN_INTERFACES_NONE &&
			down.count == 1,
		"an interface that is back is not down");
	for (int i = 0; i < DOWN_INTERFACES_MAX; i++) {
		snprintf(name, sizeof(name), "veth%d", i);
		down_interfaces_note(&down, name, DOWN_INTERFACES_GONE);
	}
	tap_is_int((intmax_t)down.count, DOWN_INTERFACES_MAX,
		"no more interfaces are kept than fit");
	tap_is_int(down_interfaces_find(&down, "eth0"), DOWN_INTERFACES_NONE,
		"the interface that was down for longest gives way");
	tap_is_int(down_interfaces_find(&down, "veth0"), DOWN_INTERFACES_GONE,
		"no other interface gives way");
	return tap_done();
}
