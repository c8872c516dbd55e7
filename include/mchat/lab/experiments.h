/* SPDX-License-Identifier: ISC */
/* The experiments of `mchat lab`: each tells its story to a lab, once. */
#ifndef MCHAT_LAB_EXPERIMENTS_H
#define MCHAT_LAB_EXPERIMENTS_H

struct lab;

/* What a group's address says. */
void experiment_mac(struct lab *lab);
void experiment_scope(struct lab *lab);

/* What the buffers of a socket hold. */
void experiment_rcvbuf(struct lab *lab);
void experiment_lowat(struct lab *lab);

/* How a connection ends, and begins again. */
void experiment_keepalive(struct lab *lab);
void experiment_linger(struct lab *lab);
void experiment_shutdown(struct lab *lab);
void experiment_reuseaddr(struct lab *lab);
void experiment_inherit(struct lab *lab);

/* How far one datagram may go. */
void experiment_ttl(struct lab *lab);
void experiment_broadcast(struct lab *lab);
void experiment_dontroute(struct lab *lab);

/* What the flags of send and recv do. */
void experiment_oob(struct lab *lab);
void experiment_peek(struct lab *lab);
void experiment_waitall(struct lab *lab);
void experiment_dontwait(struct lab *lab);

/* Groups, joined and sent to. */
void experiment_join(struct lab *lab);
void experiment_loop(struct lab *lab);
void experiment_ttl_multicast(struct lab *lab);
void experiment_interface(struct lab *lab);
void experiment_reuse_udp(struct lab *lab);

/* How TCP cuts and holds back what is written. */
void experiment_nodelay(struct lab *lab);
void experiment_maxseg(struct lab *lab);

#endif
