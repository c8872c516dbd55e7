/* SPDX-License-Identifier: ISC */
/* The one place that holds the version of mchat. */
#ifndef MCHAT_VERSION_H
#define MCHAT_VERSION_H

#define MCHAT_VERSION "0.2.0"

#endif
