/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What VFIO's migration needs and not every supported kernel has: the user
 * interface of PRE_COPY, a report of what was written, and a few members.
 *
 * A kernel that lacks part of the interface leaves it to the driver: it hands
 * on feature numbers and states that it does not know as they are.
 */
#ifndef VMP_COMPAT_MIGRATION_H
#define VMP_COMPAT_MIGRATION_H

#include <linux/eventfd.h>
#include <linux/iova_bitmap.h>
#include <linux/module.h>
#include <linux/vfio.h>

/* PRE_COPY: first in 6.2; drop with the last kernel before it. */
#ifndef VFIO_MIGRATION_PRE_COPY
#define VFIO_MIGRATION_PRE_COPY		BIT(2)

#define VFIO_DEVICE_STATE_PRE_COPY	((enum vfio_device_mig_state)6)
#define VFIO_DEVICE_STATE_PRE_COPY_P2P	((enum vfio_device_mig_state)7)
#define VFIO_DEVICE_STATE_NR		8

#define VFIO_MIG_GET_PRECOPY_INFO	_IO(VFIO_TYPE, VFIO_BASE + 21)

struct vfio_precopy_info {
	__u32 argsz;
	__u32 flags;
	__aligned_u64 initial_bytes;
	__aligned_u64 dirty_bytes;
};
#endif

/* First in 6.2; drop with the last kernel before it. */
#ifndef VFIO_DEVICE_FEATURE_MIG_DATA_SIZE
#define VFIO_DEVICE_FEATURE_MIG_DATA_SIZE 9

struct vfio_device_feature_mig_data_size {
	__aligned_u64 stop_copy_length;
};
#endif

/* First in 6.2, where it is not optional; drop with the last before it. */
#ifdef VMP_HAVE_GET_DATA_SIZE
#define VMP_MIG_OPS_DATA_SIZE(_function)				\
	.migration_get_data_size = (_function),
#else
#define VMP_MIG_OPS_DATA_SIZE(...)
#endif

/* VFIO_DEVICE_FEATURE_MIG_PRECOPY_INFOv2, first in 7.2. */
#define VMP_FEATURE_PRECOPY_INFO_V2 12

/* First in 6.19; drop with the last kernel before it. */
#ifndef VFIO_DEVICE_FEATURE_DMA_BUF
#define VFIO_DEVICE_FEATURE_DMA_BUF 11
#endif

/*
 * Whether VFIO_DEVICE_FEATURE_DMA_LOGGING_REPORT can work. Before 6.7 vfio has
 * the code that it needs. Since then iommufd has it, and where that is not
 * configured vfio lets a user start device logging and fails each report.
 */
#ifdef VMP_HAVE_IOVA_BITMAP_OF_IOMMUFD
#define VMP_COMPAT_CAN_LOG_DIRTY IS_ENABLED(CONFIG_IOMMUFD_DRIVER)
#else
#define VMP_COMPAT_CAN_LOG_DIRTY true
#endif

/*
 * iova_bitmap_set() is in this namespace since 6.7. Not MODULE_IMPORT_NS(),
 * which wants its argument quoted since 6.13 and not quoted before. Harmless
 * where there is no such namespace.
 */
#define VMP_COMPAT_IMPORT_IOVA_BITMAP MODULE_INFO(import_ns, "IOMMUFD")

/**
 * vmp_compat_signal_eventfd() - add one to an eventfd
 * @eventfd: the eventfd
 *
 * eventfd_signal(), which has had a second argument before 6.8; drop with the
 * last kernel before it.
 *
 * Context: Any.
 */
static inline void vmp_compat_signal_eventfd(struct eventfd_ctx *eventfd)
{
#ifdef VMP_HAVE_EVENTFD_SIGNAL_ONE
	eventfd_signal(eventfd);
#else
	eventfd_signal(eventfd, 1);
#endif
}

#endif /* VMP_COMPAT_MIGRATION_H */
