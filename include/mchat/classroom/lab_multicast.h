/* SPDX-License-Identifier: ISC */
/* Experiments: groups, joined and sent to. */
#ifndef MCHAT_CLASSROOM_LAB_MULTICAST_H
#define MCHAT_CLASSROOM_LAB_MULTICAST_H

struct lab;

void experiment_join(struct lab *lab);
void experiment_loop(struct lab *lab);
void experiment_ttl_multicast(struct lab *lab);
void experiment_interface(struct lab *lab);
void experiment_reuse_udp(struct lab *lab);

#endif
