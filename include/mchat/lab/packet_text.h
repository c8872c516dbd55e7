/* SPDX-License-Identifier: ISC */
/* A captured packet as words for people, and as members of a JSON object. */
#ifndef MCHAT_LAB_PACKET_TEXT_H
#define MCHAT_LAB_PACKET_TEXT_H

struct buffer;
struct json;
struct packet;

/* "127.0.0.1:5000 -> 127.0.0.1:40000 SYN ACK seq=0 ack=1 win=65483 mss=65495
 * scale=7 TTL=64"; of a packet to a group the Ethernet address, too. */
void packet_text_append(struct buffer *out, const struct packet *packet);

/* The same as members; numbers are numbers, flags a string "SYN ACK". */
void packet_text_json(struct json *json, const struct packet *packet);

#endif
