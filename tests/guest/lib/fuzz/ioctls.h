/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the tables of calls describe an ioctl: its number, its structure, and
 * which numbers go where in it.
 */
#ifndef LIB_FUZZ_IOCTLS_H
#define LIB_FUZZ_IOCTLS_H

#include "fuzz.h"

/* A number at a place in the structure. */
#define AT(at, size, what) \
	{ .kind = (what), .offset = (at), .bytes = (size) }

#define FIELD(type, member, what) \
	AT(offsetof(type, member), sizeof(((type *)0)->member), what)

/*
 * An ioctl of an fd of the kind @of. Each structure begins with its size, as
 * all of VFIO's and of iommufd's do.
 */
#define IOCTL(number, type, of, ...) IOCTL_OF(number, sizeof(type), of, \
					      ##__VA_ARGS__)

#define IOCTL_OF(number, bytes_of_it, of, ...) \
	.command = (number), \
	.size = (bytes_of_it), \
	.run = fuzz_run_ioctl, \
	.fields = { { .kind = (of) }, { .kind = FUZZ_PLACE }, \
		    AT(0, 4, FUZZ_ARGSZ), ##__VA_ARGS__ }

#endif
