/* SPDX-License-Identifier: ISC */
/* POSIX has gethostid, which many hosts have alike: 0 or an address.  So it is
 * not known. */
#include "mchat/network/host_number.h"

uint64_t host_number(void)
{
	return 0;
}
