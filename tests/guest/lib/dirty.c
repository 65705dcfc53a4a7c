// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pages of mapped memory devices wrote.
 */
#include "dirty.h"

#include <errno.h>
#include <sys/ioctl.h>

#include "failure.h"

struct get_argument {
	struct vfio_iommu_type1_dirty_bitmap header;
	struct vfio_iommu_type1_dirty_bitmap_get get;
};

static struct vfio_bitmap bitmap_of(uint64_t *pages)
{
	*pages = 0;
	return (struct vfio_bitmap) {
		.pgsize = DIRTY_PAGE_BYTES,
		.size = sizeof(*pages),
		.data = (__u64 *)pages,
	};
}

int dirty_start(struct space *space)
{
	struct vfio_iommu_type1_dirty_bitmap argument = {
		.argsz = sizeof(argument),
		.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_START,
	};

	if (ioctl(space->fd, VFIO_IOMMU_DIRTY_PAGES, &argument))
		return failure_set(errno, "cannot start dirty tracking");
	return 0;
}

int dirty_get(struct space *space, uint64_t iova, unsigned int nr_pages,
	      uint64_t *pages)
{
	struct get_argument argument = {
		.header.argsz = sizeof(argument),
		.header.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP,
		.get.iova = iova,
		.get.size = nr_pages * DIRTY_PAGE_BYTES,
		.get.bitmap = bitmap_of(pages),
	};

	if (ioctl(space->fd, VFIO_IOMMU_DIRTY_PAGES, &argument))
		return failure_set(errno, "cannot get the dirty bitmap");
	return 0;
}

int dirty_unmap(struct space *space, uint64_t iova, unsigned int nr_pages,
		uint64_t *pages)
{
	struct {
		struct vfio_iommu_type1_dma_unmap unmap;
		struct vfio_bitmap bitmap;
	} argument = {
		.unmap.argsz = sizeof(argument),
		.unmap.flags = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP,
		.unmap.iova = iova,
		.unmap.size = nr_pages * DIRTY_PAGE_BYTES,
		.bitmap = bitmap_of(pages),
	};

	if (ioctl(space->fd, VFIO_IOMMU_UNMAP_DMA, &argument))
		return failure_set(errno, "cannot unmap with a dirty bitmap");
	return 0;
}

int dirty_log_start(struct client *client, uint64_t iova,
		    unsigned int nr_pages)
{
	const struct vfio_device_feature_dma_logging_range range = {
		.iova = iova,
		.length = nr_pages * DIRTY_PAGE_BYTES,
	};
	const struct vfio_device_feature_dma_logging_control control = {
		.page_size = DIRTY_PAGE_BYTES,
		.num_ranges = 1,
		.ranges = (uintptr_t)&range,
	};

	return client_set_feature(client, VFIO_DEVICE_FEATURE_DMA_LOGGING_START,
				  &control, sizeof(control));
}

int dirty_log_stop(struct client *client)
{
	return client_set_feature(client, VFIO_DEVICE_FEATURE_DMA_LOGGING_STOP,
				  NULL, 0);
}

int dirty_log_get(struct client *client, uint64_t iova, unsigned int nr_pages,
		  uint64_t *pages)
{
	struct {
		struct vfio_device_feature header;
		struct vfio_device_feature_dma_logging_report report;
	} argument = {
		.header.argsz = sizeof(argument),
		.header.flags = VFIO_DEVICE_FEATURE_GET |
				VFIO_DEVICE_FEATURE_DMA_LOGGING_REPORT,
		.report.iova = iova,
		.report.length = nr_pages * DIRTY_PAGE_BYTES,
		.report.page_size = DIRTY_PAGE_BYTES,
		.report.bitmap = (uintptr_t)pages,
	};

	if (ioctl(client->fd, VFIO_DEVICE_FEATURE, &argument))
		return failure_set(errno, "cannot get the device's log");
	return 0;
}
