/* SPDX-License-Identifier: ISC */
/*
 * The errors that a socket with IP_RECVERR keeps: of a datagram that left
 * earlier, some host on its way may answer by ICMP.  The kernel then reports
 * that as the failure of the next call, which has nothing to do with it.  This
 * is what another system does in another way, or not at all.
 */
#ifndef MCHAT_NETWORK_ERROR_QUEUE_H
#define MCHAT_NETWORK_ERROR_QUEUE_H

#include <stdbool.h>

/*
 * Empties the queue, and the error that is pending, so that no later call fails
 * by it; whether a host answered with what `error`, an errno, stands for.  Then
 * the call that failed with it did not fail by itself, and is to be repeated.
 */
bool error_queue_drain(int fd, int error);

#endif
