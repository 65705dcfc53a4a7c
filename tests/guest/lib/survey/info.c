// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device says about itself, its regions and its interrupts, and the
 * capabilities it adds. How it takes malformed questions is in calls.c.
 */
#include <string.h>

#include "irq.h"
#include "region.h"
#include "survey/subjects.h"

/* Capabilities in the chain at most; the kernel has five kinds. */
#define CHAIN_MAX 16

union answer_bytes {
	struct vfio_device_info device;
	struct vfio_region_info region;
	uint8_t bytes[SURVEY_BYTES_MAX];
};

/* Each capability's bytes, up to the next one's beginning or the end. */
static void note_chain(struct survey *survey, const char *whose,
		       const union answer_bytes *info, uint32_t argsz,
		       uint32_t first)
{
	struct vfio_info_cap_header header;
	unsigned int left = CHAIN_MAX;
	uint32_t at = first;
	uint32_t end;

	while (at && at + sizeof(header) <= sizeof(*info) && left--) {
		memcpy(&header, &info->bytes[at], sizeof(header));
		end = header.next > at ? header.next : argsz;
		if (end < at || end > sizeof(*info))
			end = sizeof(*info);
		survey_note_bytes(survey, &info->bytes[at], end - at,
				  "%s capability %u at %u", whose, header.id,
				  at);
		at = header.next;
	}
}

static void note_device(struct survey *survey)
{
	union answer_bytes info = { .device.argsz = sizeof(info) };
	long ret = survey_ioctl(survey, VFIO_DEVICE_GET_INFO, &info);
	uint32_t chain = 0;

	survey_note_result(survey, ret, "device info");
	survey_note_number(survey, info.device.argsz, "device argsz");
	survey_note_number(survey, info.device.flags, "device flags");
	survey_note_number(survey, info.device.num_regions,
			   "device num_regions");
	survey_note_number(survey, info.device.num_irqs, "device num_irqs");
	if (info.device.flags & VFIO_DEVICE_FLAGS_CAPS)
		chain = info.device.cap_offset;
	survey_note_number(survey, chain, "device cap_offset");
	note_chain(survey, "device", &info, info.device.argsz, chain);
}

static void note_region(struct survey *survey, unsigned int index)
{
	const char *name = survey_region_name(index);
	union answer_bytes info = { };
	uint32_t chain = 0;
	long ret;

	info.region.argsz = sizeof(info.region);
	info.region.index = index;
	ret = survey_ioctl(survey, VFIO_DEVICE_GET_REGION_INFO, &info);
	survey_note_result(survey, ret, "%s info", name);
	survey_note_number(survey, info.region.argsz, "%s argsz asked for",
			   name);
	info.region.argsz = sizeof(info);
	survey_ioctl(survey, VFIO_DEVICE_GET_REGION_INFO, &info);
	survey_note_number(survey, info.region.argsz, "%s argsz", name);
	survey_note_number(survey, info.region.flags, "%s flags", name);
	survey_note_number(survey, info.region.size, "%s size", name);
	survey_note_number(survey, info.region.offset, "%s offset", name);
	if (info.region.flags & VFIO_REGION_INFO_FLAG_CAPS)
		chain = info.region.cap_offset;
	survey_note_number(survey, chain, "%s cap_offset", name);
	note_chain(survey, name, &info, info.region.argsz, chain);
}

static void note_irq(struct survey *survey, unsigned int index)
{
	struct vfio_irq_info info;
	int ret = irq_query(survey->client, index, &info);

	survey_note_result(survey, ret, "irq %u info", index);
	survey_note_number(survey, info.argsz, "irq %u argsz", index);
	survey_note_number(survey, info.flags, "irq %u flags", index);
	survey_note_number(survey, info.count, "irq %u count", index);
}

void survey_info(struct survey *survey)
{
	const struct vfio_device_info *info = &survey->client->info;
	unsigned int index;

	note_device(survey);
	for (index = 0; index < info->num_regions + 2; index++)
		note_region(survey, index);
	for (index = 0; index < info->num_irqs + 2; index++)
		note_irq(survey, index);
}
