/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * crc32c() moved to another header in 6.15; drop with the last kernel before.
 */
#ifndef VMP_COMPAT_CRC32C_H
#define VMP_COMPAT_CRC32C_H

#ifdef VMP_HAVE_CRC32C_IN_CRC32
#include <linux/crc32.h>
#else
#include <linux/crc32c.h>
#endif

#define vmp_crc32c(crc, data, length) crc32c(crc, data, length)

#endif /* VMP_COMPAT_CRC32C_H */
