/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers and names of a stream in words, for eyes.
 */
#ifndef VMPCTL_WORDS_H
#define VMPCTL_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* A number of bytes with a unit, such as "4.3 KiB", in @buffer. */
const char *words_bytes(uint64_t bytes, char *buffer, size_t size);

/* A record's type, such as "IDENTITY" or "backend's 0", in @buffer. */
const char *words_record(uint32_t type, char *buffer, size_t size);

/* A PCI capability's name; NULL if it has none here. */
const char *words_capability(unsigned int id);

#endif /* VMPCTL_WORDS_H */
