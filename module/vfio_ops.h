/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of what users can do with a wrapped function.
 */
#ifndef VMP_VFIO_OPS_H
#define VMP_VFIO_OPS_H

#include <linux/vfio.h>

struct vmp_mdev_listener;

/* For vfio_alloc_device() of a struct vmp_function. */
extern const struct vfio_device_ops vmp_vfio_ops;

/*
 * Creates and destroys a function's migration with its mdev, and gives vfio the
 * table that goes with it.
 */
extern const struct vmp_mdev_listener vmp_vfio_listener;

#endif /* VMP_VFIO_OPS_H */
