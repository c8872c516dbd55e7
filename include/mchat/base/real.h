/* SPDX-License-Identifier: ISC */
/* The smaller and the larger of two real numbers: fmin and fmax would need
 * libm. */
#ifndef MCHAT_BASE_REAL_H
#define MCHAT_BASE_REAL_H

static inline double real_min(double a, double b)
{
	return a < b ? a : b;
}

static inline double real_max(double a, double b)
{
	return a > b ? a : b;
}

#endif
