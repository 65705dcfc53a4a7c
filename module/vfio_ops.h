/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of what users can do with a wrapped function.
 */
#ifndef VMP_VFIO_OPS_H
#define VMP_VFIO_OPS_H

#include <linux/vfio.h>

/* For vfio_alloc_device() of a struct vmp_function. */
extern const struct vfio_device_ops vmp_vfio_ops;

#endif /* VMP_VFIO_OPS_H */
