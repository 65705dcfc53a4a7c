/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CRC-32C in user space, for module/migration/stream.c and whoever else wants
 * it: with the processor's instruction if it has one.
 */
#ifndef VMP_TOOLS_CRC32C_H
#define VMP_TOOLS_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * vmp_crc32c_by_table() - go on with a checksum, on any processor
 * @crc: checksum so far; as the kernel's, not inverted before nor after
 * @data: what to add
 * @length: bytes of it
 *
 * Return: the checksum with that.
 */
uint32_t vmp_crc32c_by_table(uint32_t crc, const void *data, size_t length);

/**
 * vmp_crc32c_by_instruction() - the same, with an instruction for it
 * @crc: checksum so far
 * @data: what to add
 * @length: bytes of it
 *
 * Only if vmp_crc32c_has_instruction().
 *
 * Return: the checksum with that.
 */
uint32_t vmp_crc32c_by_instruction(uint32_t crc, const void *data,
				   size_t length);

/**
 * vmp_crc32c_has_instruction() - does this processor have one that we use?
 *
 * Return: whether it does.
 */
bool vmp_crc32c_has_instruction(void);

#endif /* VMP_TOOLS_CRC32C_H */
