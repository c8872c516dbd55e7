/* SPDX-License-Identifier: ISC */
/* How the bits of a group become those of its Ethernet address, as a picture.
 */
#ifndef MCHAT_LAB_MAC_PICTURE_H
#define MCHAT_LAB_MAC_PICTURE_H

#include <stdint.h>

struct buffer;

/*
 * Appends five lines of 73 columns at most: the group, in the host's byte
 * order; which of its bits say that it is one, which are lost and which are
 * copied; and the Ethernet address.
 */
void mac_picture_append(struct buffer *out, uint32_t group);

#endif
