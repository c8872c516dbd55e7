/* SPDX-License-Identifier: ISC */
/* Values of socket options as people write them. */
#ifndef MCHAT_NETWORK_SOCKOPT_PARSE_H
#define MCHAT_NETWORK_SOCKOPT_PARSE_H

struct sockopt;
struct sockopt_value;

/*
 * How a value of the option is written, such as "GROUP[,INTERFACE]"; NULL when
 * none can be: it is a structure that only programs fill in.
 */
const char *sockopt_form(const struct sockopt *option);

/*
 * Reads `text`, all of it, as a value of the option.  An INTERFACE is looked up
 * on this host, by name, by index or by address.  Returns NULL and *out, or
 * what is wrong, with *out untouched.
 */
const char *sockopt_parse(const struct sockopt *option, const char *text,
	struct sockopt_value *out);

#endif
