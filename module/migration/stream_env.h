/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stream.c takes from where it is built: byte order, memory and crc32c,
 * in the kernel and in user space.
 */
#ifndef VMP_MIGRATION_STREAM_ENV_H
#define VMP_MIGRATION_STREAM_ENV_H

#include <linux/types.h>

#ifdef __KERNEL__

#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "compat/crc32c.h"

#else

#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#define cpu_to_le16(value) htole16(value)
#define cpu_to_le32(value) htole32(value)
#define cpu_to_le64(value) htole64(value)
#define le16_to_cpu(value) le16toh(value)
#define le32_to_cpu(value) le32toh(value)
#define le64_to_cpu(value) le64toh(value)

/* As the kernel's: neither begins nor ends with an inversion. */
__u32 vmp_crc32c(__u32 crc, const void *data, size_t length);

#endif
#endif /* VMP_MIGRATION_STREAM_ENV_H */
