// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of an opened device and of its data file that are ioctls, by the
 * fields of their structures.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fuzz.h"
#include "ioctls.h"
#include "uapi.h"

/* A set_irqs with eventfds behind it. */
struct irq_set {
	struct vfio_irq_set set;
	int32_t event_fds[2];
};

struct hot_reset_set {
	struct vfio_pci_hot_reset reset;
	int32_t group_fds[2];
};

struct feature {
	struct vfio_device_feature feature;
	uint64_t data[4];
};

struct logging_start {
	struct vfio_device_feature feature;
	struct vfio_device_feature_dma_logging_control control;
	struct vfio_device_feature_dma_logging_range ranges[2];
};

struct logging_report {
	struct vfio_device_feature feature;
	struct vfio_device_feature_dma_logging_report report;
	uint64_t bitmap[16];
};

#define SET(feature) (VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_##feature)
#define GET(feature) (VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_##feature)

/* A device's state that may give a data file, which later calls find then. */
static long set_state(struct fuzz_target *target,
		      const struct fuzz_operation *operation,
		      struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	struct {
		struct vfio_device_feature feature;
		struct vfio_device_feature_mig_state state;
	} set = {
		.feature.argsz = sizeof(set),
		.feature.flags = SET(MIG_DEVICE_STATE),
		.state.device_state = numbers[1],
		.state.data_fd = -1,
	};
	long ret = ioctl((int)numbers[0], VFIO_DEVICE_FEATURE, &set);

	(void)operation;
	(void)memory;
	if (ret || set.state.data_fd < 0)
		return ret;
	atomic_store(&target->fds[FUZZ_DATA_AGAIN],
		     atomic_exchange(&target->fds[FUZZ_DATA],
				     set.state.data_fd));
	return ret;
}

/* An ioctl with a number in its argument's place. */
static long any_ioctl(struct fuzz_target *target,
		      const struct fuzz_operation *operation,
		      struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	(void)target;
	(void)operation;
	if (numbers[2] & 1)
		return ioctl((int)numbers[0], numbers[1], numbers[3]);
	memset(memory->writable, 0, 256);
	memcpy(memory->writable, &numbers[2], 4);
	memcpy(memory->writable + 4, &numbers[3], 8);
	return ioctl((int)numbers[0], numbers[1], memory->writable);
}

static bool is_unset_container(struct fuzz_target *target,
			       const uint64_t *numbers)
{
	(void)target;
	return (uint32_t)numbers[1] == VFIO_GROUP_UNSET_CONTAINER;
}

const struct fuzz_operation fuzz_device_operations[] = {
	{
		.name = "info",
		IOCTL(VFIO_DEVICE_GET_INFO, struct vfio_device_info,
		      FUZZ_FD_DEVICE,
		      FIELD(struct vfio_device_info, flags, FUZZ_FLAGS)),
	}, {
		.name = "region_info", .weight = 3,
		IOCTL(VFIO_DEVICE_GET_REGION_INFO, struct vfio_region_info,
		      FUZZ_FD_DEVICE,
		      FIELD(struct vfio_region_info, flags, FUZZ_FLAGS),
		      FIELD(struct vfio_region_info, index, FUZZ_REGION)),
	}, {
		.name = "irq_info",
		IOCTL(VFIO_DEVICE_GET_IRQ_INFO, struct vfio_irq_info,
		      FUZZ_FD_DEVICE,
		      FIELD(struct vfio_irq_info, flags, FUZZ_FLAGS),
		      FIELD(struct vfio_irq_info, index, FUZZ_IRQ)),
	}, {
		.name = "set_irqs", .weight = 6,
		IOCTL(VFIO_DEVICE_SET_IRQS, struct irq_set, FUZZ_FD_DEVICE,
		      FIELD(struct irq_set, set.flags, FUZZ_IRQ_FLAGS),
		      FIELD(struct irq_set, set.index, FUZZ_IRQ),
		      FIELD(struct irq_set, set.start, FUZZ_IRQ_START),
		      FIELD(struct irq_set, set.count, FUZZ_COUNT),
		      FIELD(struct irq_set, event_fds[0], FUZZ_FD_EVENT),
		      FIELD(struct irq_set, event_fds[1], FUZZ_FD_EVENT)),
	}, {
		.name = "reset",
		.fields = { { FUZZ_FD_DEVICE }, { FUZZ_PLACE } },
		.run = fuzz_run_ioctl,
		.command = VFIO_DEVICE_RESET,
	}, {
		.name = "hot_reset_info",
		IOCTL(VFIO_DEVICE_GET_PCI_HOT_RESET_INFO,
		      struct vfio_pci_hot_reset_info, FUZZ_FD_DEVICE,
		      FIELD(struct vfio_pci_hot_reset_info, flags, FUZZ_FLAGS),
		      FIELD(struct vfio_pci_hot_reset_info, count, FUZZ_COUNT)),
	}, {
		.name = "hot_reset",
		IOCTL(VFIO_DEVICE_PCI_HOT_RESET, struct hot_reset_set,
		      FUZZ_FD_DEVICE,
		      FIELD(struct hot_reset_set, reset.flags, FUZZ_FLAGS),
		      FIELD(struct hot_reset_set, reset.count, FUZZ_COUNT),
		      FIELD(struct hot_reset_set, group_fds[0], FUZZ_FD_GROUP),
		      FIELD(struct hot_reset_set, group_fds[1], FUZZ_FD)),
	}, {
		.name = "ioeventfd", .weight = 2,
		IOCTL(VFIO_DEVICE_IOEVENTFD, struct vfio_device_ioeventfd,
		      FUZZ_FD_DEVICE,
		      FIELD(struct vfio_device_ioeventfd, flags,
			    FUZZ_IO_FLAGS),
		      FIELD(struct vfio_device_ioeventfd, offset,
			    FUZZ_OFFSET_IN_BAR),
		      FIELD(struct vfio_device_ioeventfd, data, FUZZ_WORD),
		      FIELD(struct vfio_device_ioeventfd, fd, FUZZ_FD_EVENT)),
	}, {
		.name = "feature", .weight = 4,
		IOCTL(VFIO_DEVICE_FEATURE, struct feature, FUZZ_FD_DEVICE,
		      AT(4, 2, FUZZ_FEATURE), AT(6, 2, FUZZ_FEATURE_ACT),
		      FIELD(struct feature, data[0], FUZZ_WORD),
		      FIELD(struct feature, data[1], FUZZ_WORD),
		      FIELD(struct feature, data[2], FUZZ_WORD)),
	}, {
		.name = "state", .weight = 8,
		.fields = { { FUZZ_FD_DEVICE }, { FUZZ_STATE } },
		.run = set_state,
	}, {
		.name = "logging_start", .weight = 2,
		IOCTL(VFIO_DEVICE_FEATURE, struct logging_start, FUZZ_FD_DEVICE,
		      FIELD(struct logging_start, control.page_size,
			    FUZZ_PAGES),
		      FIELD(struct logging_start, control.num_ranges,
			    FUZZ_COUNT),
		      FIELD(struct logging_start, control.ranges, FUZZ_BEHIND),
		      FIELD(struct logging_start, ranges[0].iova, FUZZ_IOVA),
		      FIELD(struct logging_start, ranges[0].length,
			    FUZZ_PAGES)),
		.flags = SET(DMA_LOGGING_START),
		.behind = offsetof(struct logging_start, ranges),
	}, {
		.name = "logging_report", .weight = 2,
		IOCTL(VFIO_DEVICE_FEATURE, struct logging_report,
		      FUZZ_FD_DEVICE,
		      FIELD(struct logging_report, report.iova, FUZZ_IOVA),
		      FIELD(struct logging_report, report.length, FUZZ_PAGES),
		      FIELD(struct logging_report, report.page_size,
			    FUZZ_PAGES),
		      FIELD(struct logging_report, report.bitmap,
			    FUZZ_BEHIND)),
		.flags = GET(DMA_LOGGING_REPORT),
		.behind = offsetof(struct logging_report, bitmap),
	}, {
		.name = "logging_stop",
		IOCTL(VFIO_DEVICE_FEATURE, struct vfio_device_feature,
		      FUZZ_FD_DEVICE),
		.flags = SET(DMA_LOGGING_STOP),
	}, {
		.name = "precopy_info", .weight = 2,
		IOCTL(VFIO_MIG_GET_PRECOPY_INFO, struct vfio_precopy_info,
		      FUZZ_FD_DATA,
		      FIELD(struct vfio_precopy_info, flags, FUZZ_FLAGS)),
	}, {
		.name = "ioctl",
		.fields = { { FUZZ_FD }, { FUZZ_COMMAND }, { FUZZ_WORD },
			    { FUZZ_WORD } },
		.run = any_ioctl, .takes_container_away = is_unset_container,
	},
	{ }
};
