/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be gone when no function is bound to a driver of VFIO's any more.
 * Memory is another matter: see holdings.h.
 */
#ifndef LIB_LEFTOVERS_H
#define LIB_LEFTOVERS_H

/**
 * leftovers_assert_none() - Fail the test if there is an mdev, a parent of one,
 *	or a group or a device of VFIO's
 */
void leftovers_assert_none(void);

#endif
