// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and writes of odd sizes at odd places, around regions' ends and beyond.
 * What is read is not noted, it is in content.c. What is written is what was
 * read, and no register but a device's first is written to.
 */
#include <errno.h>
#include <unistd.h>

#include "region.h"
#include "survey/subjects.h"
#include "survey/unreadable.h"

static const struct {
	const char *name;
	int64_t offset;
	uint64_t per_size;
} places[] = {
	{ "at 0", 0, 0 },
	{ "at 1", 1, 0 },
	{ "at 2", 2, 0 },
	{ "at 3", 3, 0 },
	{ "at 4", 4, 0 },
	{ "at 7", 7, 0 },
	{ "8 before the end", -8, 1 },
	{ "4 before the end", -4, 1 },
	{ "1 before the end", -1, 1 },
	{ "at the end", 0, 1 },
	{ "1 behind the end", 1, 1 },
	{ "a page behind the end", 4096, 1 },
	{ "half a terabyte on", 1LL << 39, 0 },
};

static const size_t sizes[] = { 0, 1, 2, 3, 4, 5, 7, 8, 12, 16 };

static bool may_write(const struct survey *survey, unsigned int index,
		      uint64_t at, size_t size, uint64_t region_size)
{
	bool is_bar = index <= VFIO_PCI_BAR5_REGION_INDEX;

	if (!is_bar || survey->memory_bars & (1U << index))
		return true;
	return at >= region_size || at + size <= 4;
}

static void note_place(struct survey *survey, unsigned int index,
		       unsigned int place, const union region_info *region,
		       uint64_t at)
{
	uint64_t offset = region->info.offset + at;
	int fd = survey->client->fd;
	uint8_t data[16] = { 0 };
	unsigned int i;
	long ret;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t size = sizes[i];

		ret = pread(fd, data, size, offset);
		survey_note_result(survey, ret < 0 ? -errno : ret,
				   SURVEY_CALL "read %zu of %s %s", size,
				   survey_region_name(index),
				   places[place].name);
		if (!may_write(survey, index, at, size, region->info.size))
			continue;
		ret = pwrite(fd, data, size, offset);
		survey_note_result(survey, ret < 0 ? -errno : ret,
				   SURVEY_CALL "write %zu of %s %s", size,
				   survey_region_name(index),
				   places[place].name);
	}
}

static void note_bad_memory(struct survey *survey, unsigned int index,
			    uint64_t offset)
{
	void *bad = unreadable_page();
	long ret = pread(survey->client->fd, bad, 4, offset);

	survey_note_result(survey, ret < 0 ? -errno : ret, SURVEY_CALL
			   "read %s to unreadable memory",
			   survey_region_name(index));
	ret = pwrite(survey->client->fd, bad, 4, offset);
	survey_note_result(survey, ret < 0 ? -errno : ret, SURVEY_CALL
			   "write %s from unreadable memory",
			   survey_region_name(index));
}

static void note_region(struct survey *survey, unsigned int index)
{
	uint32_t first = region_read32(survey->client, index, 0);
	union region_info region;
	unsigned int place;

	if (region_query(survey->client, index, &region)) {
		region.info.offset = (uint64_t)index << 40;
		region.info.size = 0;
	}
	for (place = 0; place < sizeof(places) / sizeof(places[0]); place++) {
		uint64_t at = places[place].offset +
			      places[place].per_size * region.info.size;

		/* Before the end of nothing is another region. */
		if ((int64_t)at < 0)
			continue;
		note_place(survey, index, place, &region, at);
	}
	note_bad_memory(survey, index, region.info.offset);
	/* A register may take a byte for all of it. */
	if (index <= VFIO_PCI_BAR5_REGION_INDEX)
		region_write32(survey->client, index, 0, first);
}

void survey_edges(struct survey *survey)
{
	unsigned int index;

	config_set_command(survey->client,
			   PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	for (index = 0; index <= survey->client->info.num_regions; index++)
		note_region(survey, index);
	config_set_command(survey->client, 0,
			   PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
}
