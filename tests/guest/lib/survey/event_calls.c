// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_IOEVENTFD with good and bad regions, offsets and sizes. No
 * eventfd is ever signalled.
 */
#include <unistd.h>

#include "irq.h"
#include "region.h"
#include "survey/subjects.h"

/* Sizes as the flags say them, in bytes; some are none. */
static const uint32_t sizes[] = { 0, 1, 2, 3, 4, 8, 0x10, 0xffffffff };

static const struct {
	const char *name;
	int64_t offset;
	uint64_t per_size;
} places[] = {
	{ "at 0", 0, 0 },
	{ "at 1", 1, 0 },
	{ "at 4", 4, 0 },
	{ "at 0x1000", 0x1000, 0 },
	{ "4 before the end", -4, 1 },
	{ "1 before the end", -1, 1 },
	{ "at the end", 0, 1 },
	{ "half a terabyte on", 1LL << 39, 0 },
};

enum file { FILE_EVENT, FILE_NONE, FILE_OTHER, NR_FILES };

static const char * const file_names[NR_FILES] = {
	[FILE_EVENT] = "an eventfd",
	[FILE_NONE] = "-1",
	[FILE_OTHER] = "a device",
};

static void note_place(struct survey *survey, unsigned int index,
		       unsigned int place, uint64_t offset, const int *files)
{
	struct vfio_device_ioeventfd call;
	unsigned int size;
	unsigned int file;
	long ret;

	for (size = 0; size < sizeof(sizes) / sizeof(sizes[0]); size++) {
		call = (struct vfio_device_ioeventfd) {
			.argsz = sizeof(call),
			.flags = sizes[size],
			.offset = offset,
		};
		/* -1 last, for it takes away what the first has made. */
		for (file = NR_FILES; file--;) {
			call.fd = files[file];
			ret = survey_ioctl(survey, VFIO_DEVICE_IOEVENTFD,
					   &call);
			survey_note_result(survey, ret, SURVEY_CALL
					   "eventfd writes %#x bytes to %s %s, file is %s",
					   sizes[size],
					   survey_region_name(index),
					   places[place].name,
					   file_names[file]);
		}
		call.fd = -1;
		survey_ioctl(survey, VFIO_DEVICE_IOEVENTFD, &call);
	}
}

/*
 * Nothing before BAR0: the offset would be negative, which vfio_pci_ioeventfd()
 * of 6.1 and 6.12 takes for BAR -1 (7.2 does not), and barmap[-1] is the
 * pointer to the struct pci_dev. A signal would write into that.
 */
static void note_region(struct survey *survey, const union region_info *region,
			const int *files)
{
	unsigned int place;
	uint64_t at;

	for (place = 0; place < sizeof(places) / sizeof(places[0]); place++) {
		at = places[place].offset +
		     places[place].per_size * region->info.size;
		if ((int64_t)at >= 0)
			note_place(survey, region->info.index, place,
				   region->info.offset + at, files);
	}
}

void survey_event_calls(struct survey *survey)
{
	int files[NR_FILES] = { event_new(), -1, survey->client->fd };
	union region_info region;
	unsigned int index;

	for (index = 0; index <= survey->client->info.num_regions; index++) {
		if (region_query(survey->client, index, &region)) {
			region.info.offset = (uint64_t)index << 40;
			region.info.size = 0;
		}
		note_region(survey, &region, files);
	}
	close(files[FILE_EVENT]);
}
