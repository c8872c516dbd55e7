/* SPDX-License-Identifier: ISC */
/* Experiments: what the flags of send and recv do. */
#ifndef MCHAT_CLASSROOM_LAB_MESSAGES_H
#define MCHAT_CLASSROOM_LAB_MESSAGES_H

struct lab;

void experiment_oob(struct lab *lab);
void experiment_peek(struct lab *lab);
void experiment_waitall(struct lab *lab);
void experiment_dontwait(struct lab *lab);

#endif
