// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which parts of which regions can be mapped, and how. Nothing is touched.
 */
#include <errno.h>
#include <sys/mman.h>

#include "region.h"
#include "survey/subjects.h"

#define PAGE_BYTES 4096ULL

static const struct {
	const char *name;
	int protection;
	int flags;
} kinds[] = {
	{ "to read", PROT_READ, MAP_SHARED },
	{ "to write", PROT_WRITE, MAP_SHARED },
	{ "to read and write", PROT_READ | PROT_WRITE, MAP_SHARED },
	{ "to execute", PROT_READ | PROT_EXEC, MAP_SHARED },
	{ "for nothing", PROT_NONE, MAP_SHARED },
	{ "privately to read", PROT_READ, MAP_PRIVATE },
	{ "privately to write", PROT_READ | PROT_WRITE, MAP_PRIVATE },
};

/* Offsets and lengths, in part relative to the region's size. */
static const struct {
	const char *name;
	uint64_t offset;
	uint64_t bytes;
	uint64_t offset_per_size;
	uint64_t bytes_per_size;
} parts[] = {
	{ "the whole", 0, 0, 0, 1 },
	{ "the first page", 0, PAGE_BYTES, 0, 0 },
	{ "the second page", PAGE_BYTES, PAGE_BYTES, 0, 0 },
	{ "one byte", 0, 1, 0, 0 },
	{ "nothing", 0, 0, 0, 0 },
	{ "one page too many", 0, PAGE_BYTES, 0, 1 },
	{ "the page behind", 0, PAGE_BYTES, 1, 0 },
	{ "the page a terabyte less a page on", (1ULL << 40) - PAGE_BYTES,
	  PAGE_BYTES, 0, 0 },
	{ "across a page", 0x800, PAGE_BYTES, 0, 0 },
};

static long try_map(struct survey *survey, unsigned int kind,
		    uint64_t offset, uint64_t bytes)
{
	void *memory = mmap(NULL, bytes, kinds[kind].protection,
			    kinds[kind].flags, survey->client->fd, offset);

	if (memory == MAP_FAILED)
		return -errno;
	munmap(memory, bytes);
	return 0;
}

void survey_maps(struct survey *survey)
{
	union region_info region;
	unsigned int index;
	unsigned int kind;
	unsigned int part;

	for (index = 0; index <= survey->client->info.num_regions; index++) {
		/* One that is not there is where it would be. */
		if (region_query(survey->client, index, &region)) {
			region.info.offset = (uint64_t)index << 40;
			region.info.size = PAGE_BYTES;
		}
		for (part = 0; part < sizeof(parts) / sizeof(parts[0]); part++) {
			uint64_t offset = region.info.offset +
				parts[part].offset +
				parts[part].offset_per_size * region.info.size;
			uint64_t bytes = parts[part].bytes +
				parts[part].bytes_per_size * region.info.size;

			for (kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]);
			     kind++)
				survey_note_result(survey,
						   try_map(survey, kind,
							   offset, bytes),
						   SURVEY_CALL
						   "map %s of %s %s",
						   parts[part].name,
						   survey_region_name(index),
						   kinds[kind].name);
		}
	}
}
