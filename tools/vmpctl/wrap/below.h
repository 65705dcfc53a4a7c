/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which devices a function has made.
 */
#ifndef VMPCTL_BELOW_H
#define VMPCTL_BELOW_H

#include <stdbool.h>

/* Does the device @name of the class @class come from the function @bdf? */
bool is_below(const char *bdf, const char *class, const char *name);

/* The same of a device whose path in sysfs, without links, is @real. */
bool path_is_below(const char *real, const char *bdf);

#endif /* VMPCTL_BELOW_H */
