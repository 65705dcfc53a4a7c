/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * __assign_str() lost its second argument in 6.10; drop with the last kernel
 * before.
 */
#ifndef VMP_COMPAT_TRACE_H
#define VMP_COMPAT_TRACE_H

#ifdef VMP_HAVE_ASSIGN_STR_OF_ONE
#define vmp_assign_str(field, text) __assign_str(field)
#else
#define vmp_assign_str(field, text) __assign_str(field, text)
#endif

#endif /* VMP_COMPAT_TRACE_H */
