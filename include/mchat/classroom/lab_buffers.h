/* SPDX-License-Identifier: ISC */
/* Experiments: what the buffers of a socket hold. */
#ifndef MCHAT_CLASSROOM_LAB_BUFFERS_H
#define MCHAT_CLASSROOM_LAB_BUFFERS_H

struct lab;

void experiment_rcvbuf(struct lab *lab);
void experiment_lowat(struct lab *lab);

#endif
