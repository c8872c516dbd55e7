/* SPDX-License-Identifier: ISC */
/* Experiments: how TCP cuts and holds back what is written. */
#ifndef MCHAT_CLASSROOM_LAB_SEGMENTS_H
#define MCHAT_CLASSROOM_LAB_SEGMENTS_H

struct lab;

void experiment_nodelay(struct lab *lab);
void experiment_maxseg(struct lab *lab);

#endif
