// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of containers, groups and iommufds, by the fields of their structures.
 */
#include <string.h>
#include <sys/ioctl.h>

#include "fuzz.h"
#include "ioctls.h"
#include "uapi.h"

#define GROUP (1U << ACCESS_GROUP)
#define CDEV (1U << ACCESS_CDEV)

/* With the bitmap that it may ask for, and room for its bits. */
struct unmap {
	struct vfio_iommu_type1_dma_unmap unmap;
	struct vfio_bitmap bitmap;
	uint64_t bits[16];
};

struct dirty {
	struct vfio_iommu_type1_dirty_bitmap dirty;
	struct vfio_iommu_type1_dirty_bitmap_get get;
	uint64_t bits[16];
};

/* Numbers of <linux/iommufd.h>, which Debian 12 has not. */
#define IOMMUFD(number) _IO(IOMMUFD_TYPE, number)
#define DESTROY IOMMUFD(0x80)
#define IOAS_ALLOW_IOVAS IOMMUFD(0x82)
#define IOAS_COPY IOMMUFD(0x83)
#define IOAS_IOVA_RANGES IOMMUFD(0x84)
#define OPTION IOMMUFD(0x87)
#define COMPATIBLE_IOAS IOMMUFD(0x88)
#define HWPT_ALLOC IOMMUFD(0x89)
#define GET_HW_INFO IOMMUFD(0x8a)
#define HWPT_SET_DIRTY_TRACKING IOMMUFD(0x8b)
#define HWPT_GET_DIRTY_BITMAP IOMMUFD(0x8c)

/* The group takes an fd by its address. */
static long set_container(struct fuzz_target *target,
			  const struct fuzz_operation *operation,
			  struct fuzz_lane_memory *memory,
			  const uint64_t *numbers)
{
	int fd = numbers[1];

	(void)target;
	(void)operation;
	memcpy(memory->writable, &fd, sizeof(fd));
	return ioctl((int)numbers[0], VFIO_GROUP_SET_CONTAINER,
		     memory->writable);
}

static long with_number(struct fuzz_target *target,
			const struct fuzz_operation *operation,
			struct fuzz_lane_memory *memory,
			const uint64_t *numbers)
{
	(void)target;
	(void)memory;
	return ioctl((int)numbers[0], operation->command, numbers[1]);
}

static bool always(struct fuzz_target *target, const uint64_t *numbers)
{
	(void)target;
	(void)numbers;
	return true;
}

/* Names of the device, and others. */
static void make_name(char *name, size_t size, struct fuzz_target *target,
		      unsigned int number)
{
	memset(name, 0, size);
	switch (number) {
	case 0:
	case 1:
		snprintf(name, size, "%s", target->uuid);
		break;
	case 2:
		snprintf(name, size, "%s", target->address);
		break;
	case 3:
		snprintf(name, size, "%s ", target->uuid);
		break;
	case 4:
		snprintf(name, size, "%.35s", target->uuid);
		break;
	case 5:
		snprintf(name, size, "%s vf_token=%s", target->uuid,
			 target->uuid);
		break;
	case 8:
		memset(name, 'x', size - 1);
		break;
	default:
		snprintf(name, size, "%s vf_token=", target->address);
	}
}

static long get_device(struct fuzz_target *target,
		       const struct fuzz_operation *operation,
		       struct fuzz_lane_memory *memory,
		       const uint64_t *numbers)
{
	char *name = (char *)memory->writable;
	int fd;

	(void)operation;
	make_name(name, 8192, target, numbers[1]);
	fd = ioctl((int)numbers[0], VFIO_GROUP_GET_DEVICE_FD, name);
	if (fd >= 0)
		atomic_store(&target->fds[FUZZ_DEVICE_AGAIN], fd);
	return fd;
}

const struct fuzz_operation fuzz_space_operations[] = {
	{
		.name = "map", .weight = 4, .only_by = GROUP,
		IOCTL(VFIO_IOMMU_MAP_DMA, struct vfio_iommu_type1_dma_map,
		      FUZZ_FD_SPACE,
		      FIELD(struct vfio_iommu_type1_dma_map, flags, FUZZ_MAP_FLAGS),
		      FIELD(struct vfio_iommu_type1_dma_map, vaddr,
			    FUZZ_ADDRESS),
		      FIELD(struct vfio_iommu_type1_dma_map, iova, FUZZ_IOVA),
		      FIELD(struct vfio_iommu_type1_dma_map, size, FUZZ_PAGES)),
	}, {
		.name = "unmap", .weight = 4, .only_by = GROUP,
		IOCTL(VFIO_IOMMU_UNMAP_DMA, struct unmap, FUZZ_FD_SPACE,
		      FIELD(struct unmap, unmap.flags, FUZZ_FLAGS),
		      FIELD(struct unmap, unmap.iova, FUZZ_IOVA),
		      FIELD(struct unmap, unmap.size, FUZZ_PAGES),
		      FIELD(struct unmap, bitmap.pgsize, FUZZ_PAGE_SIZE),
		      FIELD(struct unmap, bitmap.size, FUZZ_FEW),
		      FIELD(struct unmap, bitmap.data, FUZZ_BEHIND)),
		.behind = offsetof(struct unmap, bits),
	}, {
		.name = "dirty", .weight = 3, .only_by = GROUP,
		IOCTL(VFIO_IOMMU_DIRTY_PAGES, struct dirty, FUZZ_FD_SPACE,
		      FIELD(struct dirty, dirty.flags, FUZZ_DIRTY_FLAGS),
		      FIELD(struct dirty, get.iova, FUZZ_IOVA),
		      FIELD(struct dirty, get.size, FUZZ_PAGES),
		      FIELD(struct dirty, get.bitmap.pgsize, FUZZ_PAGE_SIZE),
		      FIELD(struct dirty, get.bitmap.size, FUZZ_FEW),
		      FIELD(struct dirty, get.bitmap.data, FUZZ_BEHIND)),
		.behind = offsetof(struct dirty, bits),
	}, {
		.name = "iommu_info", .only_by = GROUP,
		IOCTL(VFIO_IOMMU_GET_INFO, struct vfio_iommu_type1_info,
		      FUZZ_FD_SPACE,
		      FIELD(struct vfio_iommu_type1_info, flags, FUZZ_FLAGS)),
	}, {
		.name = "check_extension", .only_by = GROUP,
		.fields = { { FUZZ_FD_SPACE }, { FUZZ_FEW } },
		.run = with_number, .command = VFIO_CHECK_EXTENSION,
	}, {
		.name = "set_iommu", .only_by = GROUP,
		.fields = { { FUZZ_FD_SPACE }, { FUZZ_FEW } },
		.run = with_number, .command = VFIO_SET_IOMMU,
	}, {
		.name = "group_status", .only_by = GROUP,
		IOCTL(VFIO_GROUP_GET_STATUS, struct vfio_group_status,
		      FUZZ_FD_GROUP),
	}, {
		.name = "set_container", .only_by = GROUP,
		.fields = { { FUZZ_FD_GROUP }, { FUZZ_FD_SPACE } },
		.run = set_container,
	}, {
		.name = "unset_container", .only_by = GROUP,
		.fields = { { FUZZ_FD_GROUP }, { FUZZ_FEW } },
		.run = with_number, .command = VFIO_GROUP_UNSET_CONTAINER,
		.takes_container_away = always,
	}, {
		.name = "get_device", .weight = 2, .only_by = GROUP,
		.fields = { { FUZZ_FD_GROUP }, { FUZZ_NAME } },
		.run = get_device,
	}, {
		.name = "bind", .only_by = CDEV,
		IOCTL(VFIO_DEVICE_BIND_IOMMUFD, struct vfio_device_bind_iommufd,
		      FUZZ_FD_DEVICE,
		      FIELD(struct vfio_device_bind_iommufd, flags, FUZZ_FLAGS),
		      FIELD(struct vfio_device_bind_iommufd, iommufd,
			    FUZZ_FD_SPACE)),
	}, {
		.name = "attach", .weight = 2, .only_by = CDEV,
		IOCTL(VFIO_DEVICE_ATTACH_IOMMUFD_PT,
		      struct vfio_device_attach_iommufd_pt, FUZZ_FD_DEVICE,
		      FIELD(struct vfio_device_attach_iommufd_pt, flags,
			    FUZZ_FLAGS),
		      FIELD(struct vfio_device_attach_iommufd_pt, pt_id,
			    FUZZ_IOAS)),
	}, {
		.name = "detach", .only_by = CDEV,
		IOCTL_OF(_IO(VFIO_TYPE, VFIO_BASE + 20), 8, FUZZ_FD_DEVICE,
			 AT(4, 4, FUZZ_FLAGS)),
	}, {
		.name = "destroy", .only_by = CDEV,
		IOCTL_OF(DESTROY, 8, FUZZ_FD_SPACE, AT(4, 4, FUZZ_IOAS)),
	}, {
		.name = "ioas_alloc", .only_by = CDEV,
		IOCTL(IOMMU_IOAS_ALLOC, struct iommu_ioas_alloc, FUZZ_FD_SPACE,
		      AT(4, 4, FUZZ_FLAGS)),
	}, {
		.name = "allow_iovas", .only_by = CDEV,
		IOCTL_OF(IOAS_ALLOW_IOVAS, 24 + 16, FUZZ_FD_SPACE,
			 AT(4, 4, FUZZ_IOAS), AT(8, 4, FUZZ_COUNT),
			 AT(16, 8, FUZZ_BEHIND), AT(24, 8, FUZZ_IOVA),
			 AT(32, 8, FUZZ_IOVA)),
		.behind = 24,
	}, {
		.name = "ioas_copy", .only_by = CDEV,
		IOCTL_OF(IOAS_COPY, 40, FUZZ_FD_SPACE, AT(4, 4, FUZZ_IOAS_FLAGS),
			 AT(8, 4, FUZZ_IOAS), AT(12, 4, FUZZ_IOAS),
			 AT(16, 8, FUZZ_PAGES), AT(24, 8, FUZZ_IOVA),
			 AT(32, 8, FUZZ_IOVA)),
	}, {
		.name = "iova_ranges", .only_by = CDEV,
		IOCTL_OF(IOAS_IOVA_RANGES, 32 + 64, FUZZ_FD_SPACE,
			 AT(4, 4, FUZZ_IOAS), AT(8, 4, FUZZ_COUNT),
			 AT(16, 8, FUZZ_BEHIND)),
		.behind = 32,
	}, {
		.name = "ioas_map", .weight = 4, .only_by = CDEV,
		IOCTL_OF(IOMMU_IOAS_MAP, 40, FUZZ_FD_SPACE,
			 AT(4, 4, FUZZ_IOAS_FLAGS), AT(8, 4, FUZZ_IOAS),
			 AT(16, 8, FUZZ_ADDRESS), AT(24, 8, FUZZ_PAGES),
			 AT(32, 8, FUZZ_IOVA)),
	}, {
		.name = "ioas_unmap", .weight = 4, .only_by = CDEV,
		IOCTL_OF(IOMMU_IOAS_UNMAP, 24, FUZZ_FD_SPACE,
			 AT(4, 4, FUZZ_IOAS), AT(8, 8, FUZZ_IOVA),
			 AT(16, 8, FUZZ_PAGES)),
	}, {
		.name = "option", .only_by = CDEV,
		IOCTL_OF(OPTION, 24, FUZZ_FD_SPACE, AT(4, 4, FUZZ_FEW),
			 AT(8, 2, FUZZ_FEW), AT(12, 4, FUZZ_IOAS),
			 AT(16, 8, FUZZ_FEW)),
	}, {
		.name = "compatible_ioas", .only_by = CDEV,
		IOCTL_OF(COMPATIBLE_IOAS, 12, FUZZ_FD_SPACE,
			 AT(4, 4, FUZZ_IOAS), AT(8, 2, FUZZ_FEW)),
	}, {
		.name = "hwpt_alloc", .weight = 2, .only_by = CDEV,
		IOCTL_OF(HWPT_ALLOC, 48, FUZZ_FD_SPACE, AT(4, 4, FUZZ_FEW),
			 AT(8, 4, FUZZ_IOAS), AT(12, 4, FUZZ_IOAS),
			 AT(24, 4, FUZZ_FLAGS), AT(28, 4, FUZZ_FLAGS)),
	}, {
		.name = "hw_info", .only_by = CDEV,
		IOCTL_OF(GET_HW_INFO, 40 + 64, FUZZ_FD_SPACE,
			 AT(4, 4, FUZZ_FLAGS), AT(8, 4, FUZZ_IOAS),
			 AT(12, 4, FUZZ_COUNT), AT(16, 8, FUZZ_BEHIND)),
		.behind = 40,
	}, {
		.name = "set_dirty", .only_by = CDEV,
		IOCTL_OF(HWPT_SET_DIRTY_TRACKING, 16, FUZZ_FD_SPACE,
			 AT(4, 4, FUZZ_FEW), AT(8, 4, FUZZ_IOAS)),
	}, {
		.name = "get_dirty", .only_by = CDEV,
		IOCTL_OF(HWPT_GET_DIRTY_BITMAP, 48 + 64, FUZZ_FD_SPACE,
			 AT(4, 4, FUZZ_IOAS), AT(8, 4, FUZZ_FLAGS),
			 AT(16, 8, FUZZ_IOVA), AT(24, 8, FUZZ_PAGES),
			 AT(32, 8, FUZZ_PAGES), AT(40, 8, FUZZ_BEHIND)),
		.behind = 48,
	},
	{ }
};
