/* SPDX-License-Identifier: ISC */
/* Experiments: what a group's address says. */
#ifndef MCHAT_CLASSROOM_LAB_ADDRESS_H
#define MCHAT_CLASSROOM_LAB_ADDRESS_H

struct lab;

void experiment_mac(struct lab *lab);
void experiment_scope(struct lab *lab);

#endif
