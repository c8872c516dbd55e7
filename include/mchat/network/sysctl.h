/* SPDX-License-Identifier: ISC */
/* Settings of the kernel, by the names of sysctl(8). */
#ifndef MCHAT_NETWORK_SYSCTL_H
#define MCHAT_NETWORK_SYSCTL_H

#include <stdbool.h>
#include <stddef.h>

/* Reads one as text, without a newline; false when the system does not tell. */
bool sysctl_read(const char *name, char *out, size_t size);

#endif
