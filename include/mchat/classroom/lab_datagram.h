/* SPDX-License-Identifier: ISC */
/* Experiments: how far one datagram may go. */
#ifndef MCHAT_CLASSROOM_LAB_DATAGRAM_H
#define MCHAT_CLASSROOM_LAB_DATAGRAM_H

struct lab;

void experiment_ttl(struct lab *lab);
void experiment_broadcast(struct lab *lab);
void experiment_dontroute(struct lab *lab);

#endif
