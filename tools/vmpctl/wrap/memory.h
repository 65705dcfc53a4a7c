/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lasts beyond the next start of the machine: driverctl remembers the
 * driver of a function, mdevctl its mdev. They do it; we only tell them, and look
 * what they know.
 */
#ifndef VMPCTL_MEMORY_H
#define VMPCTL_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "command.h"
#include "function/inventory.h"

/* Are both installed? Return: STATUS_DONE, or what fail() has said. */
enum status memory_check(void);

/* Does driverctl give @bdf to our driver at each start? */
bool memory_has_override(const char *bdf);

/* Has mdevctl a definition for @bdf? */
bool memory_has_definition(const char *bdf);

/* The UUID of the first one, in @uuid of @size bytes. Return: is there one? */
bool memory_find_definition(const char *bdf, char *uuid, size_t size);

/*
 * Would mdevctl create the mdev @uuid of @fn, and nothing else, at each start, once
 * that is defined, or as it is? Return: STATUS_DONE; or what fail() has said of a
 * definition that is in the way.
 */
enum status memory_check_definitions(const struct function *fn,
				     const char *uuid);

/* Does Debian's rule for udev call mdevctl where it is not? */
bool memory_has_wrong_rule(void);

enum status memory_keep_override(const char *bdf);
enum status memory_forget_override(const char *bdf);
enum status memory_define(const char *bdf, const char *uuid);

/* Forget all definitions for @bdf. */
enum status memory_undefine(const char *bdf);

#endif /* VMPCTL_MEMORY_H */
