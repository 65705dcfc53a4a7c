// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the regions hold: BARs through the file and through a mapping, the ROM,
 * legacy VGA. The beginning is noted dword by dword, all of it as one hash a
 * page. Config space is in config.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "region.h"
#include "survey/subjects.h"

#define PAGE_BYTES 4096

/* How much is noted dword by dword, and how many pages are hashed. */
#define DETAIL_BYTES PAGE_BYTES
#define SHORT_DETAIL_BYTES 256
#define SHORT_PAGES 4

/* What VGA adapters decode of the legacy ranges (vfio_pci_vga_rw()). */
static const struct {
	uint32_t first;
	uint32_t bytes;
} vga_ports[] = {
	{ 0x3b0, 0x0c },
	{ 0x3c0, 0x20 },
};

/* Writing it says where in the palette the data port reads from (VGA). */
#define VGA_DAC_READ_INDEX 0x3c7

#define VGA_MEMORY 0xa0000
#define VGA_MEMORY_BYTES 0x20000

/* FNV-1a */
static uint64_t hash(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0xcbf29ce484222325;

	while (size--)
		value = (value ^ *bytes++) * 0x100000001b3;
	return value;
}

/* Each read of a ROM makes QEMU map it anew, which takes its time. */
static uint64_t detail_bytes(const struct survey *survey, unsigned int index,
			     uint64_t size)
{
	bool is_short = survey->is_short || index == VFIO_PCI_ROM_REGION_INDEX;
	uint64_t limit = is_short ? SHORT_DETAIL_BYTES : DETAIL_BYTES;

	return size < limit ? size : limit;
}

static uint64_t hashed_bytes(const struct survey *survey, uint64_t size)
{
	uint64_t limit = SHORT_PAGES * PAGE_BYTES;

	return survey->is_short && size > limit ? limit : size;
}

static void note_by_file(struct survey *survey, unsigned int index,
			 uint64_t first, uint64_t size)
{
	const char *name = survey_region_name(index);
	uint8_t page[PAGE_BYTES];
	uint32_t value;
	uint64_t at;
	int ret;

	for (at = first; at < first + detail_bytes(survey, index, size);
	     at += 4) {
		value = 0;
		ret = region_read(survey->client, index, at, &value, 4);
		if (ret == 4)
			survey_note_number(survey, value, SURVEY_CONTENT
					   "of %s by file at %#llx", name,
					   (unsigned long long)at);
		else
			survey_note_result(survey, ret, SURVEY_CONTENT
					   "of %s by file at %#llx", name,
					   (unsigned long long)at);
	}
	for (at = first; at < first + hashed_bytes(survey, size);
	     at += PAGE_BYTES) {
		ret = region_read(survey->client, index, at, page,
				  sizeof(page));
		survey_note_result(survey, ret, "read of %s, page %#llx", name,
				   (unsigned long long)at);
		if (ret > 0)
			survey_note_number(survey, hash(page, ret),
					   SURVEY_CONTENT
					   "of %s by file, page %#llx", name,
					   (unsigned long long)at);
	}
}

/* Devices want whole dwords, and so would memcpy() not do. */
static uint64_t hash_mapped(const volatile uint32_t *from, size_t size)
{
	uint32_t page[PAGE_BYTES / 4];
	size_t i;

	for (i = 0; i < size / 4; i++)
		page[i] = from[i];
	return hash((uint8_t *)page, size / 4 * 4);
}

static void note_by_map(struct survey *survey, unsigned int index)
{
	const char *name = survey_region_name(index);
	const volatile uint32_t *memory;
	uint64_t at;
	size_t size;

	memory = region_map(survey->client, index, &size);
	survey_note(survey, memory ? "yes" : "no", "%s is mapped", name);
	if (!memory)
		return;
	for (at = 0; at < detail_bytes(survey, index, size); at += 4)
		survey_note_number(survey, memory[at / 4], SURVEY_CONTENT
				   "of %s by map at %#llx", name,
				   (unsigned long long)at);
	for (at = 0; at < hashed_bytes(survey, size); at += PAGE_BYTES)
		survey_note_number(survey,
				   hash_mapped(&memory[at / 4],
					       size - at < PAGE_BYTES ?
					       size - at : PAGE_BYTES),
				   SURVEY_CONTENT "of %s by map, page %#llx",
				   name, (unsigned long long)at);
	munmap((void *)memory, size);
}

/* Numbers that differ everywhere, so that no page can pass for another. */
static void fill(struct survey *survey, unsigned int index)
{
	const char *name = survey_region_name(index);
	union region_info region;
	uint32_t page[PAGE_BYTES / 4];
	long wrong = 0;
	uint64_t at;
	size_t i;

	if (region_query(survey->client, index, &region))
		return;
	for (at = 0; at < region.info.size; at += PAGE_BYTES) {
		for (i = 0; i < PAGE_BYTES / 4; i++)
			page[i] = (at / 4 + i) * 2654435761U;
		if (region_write(survey->client, index, at, page,
				 PAGE_BYTES) != PAGE_BYTES)
			wrong++;
	}
	survey_note_result(survey, wrong, "pages of %s that cannot be filled",
			   name);
}

static void note_vga(struct survey *survey)
{
	unsigned int index = VFIO_PCI_VGA_REGION_INDEX;
	const uint8_t first_colour = 0;
	unsigned int i;
	uint32_t at;

	region_write(survey->client, index, VGA_DAC_READ_INDEX, &first_colour,
		     1);
	for (i = 0; i < sizeof(vga_ports) / sizeof(vga_ports[0]); i++) {
		for (at = 0; at < vga_ports[i].bytes; at++) {
			uint8_t value = 0;
			int ret = region_read(survey->client, index,
					      vga_ports[i].first + at, &value,
					      1);

			survey_note_result(survey, ret, "read of port %#x",
					   vga_ports[i].first + at);
			survey_note_number(survey, value, SURVEY_CONTENT
					   "of port %#x",
					   vga_ports[i].first + at);
		}
	}
	note_by_file(survey, index, VGA_MEMORY, VGA_MEMORY_BYTES);
}

void survey_content(struct survey *survey)
{
	union region_info region;
	unsigned int index;

	/* Touching a map of memory that is off would be a bus error. */
	config_set_command(survey->client,
			   PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	for (index = 0; index <= VFIO_PCI_ROM_REGION_INDEX; index++) {
		if (region_query(survey->client, index, &region) ||
		    !region.info.size)
			continue;
		if (survey->memory_bars & (1U << index))
			fill(survey, index);
		note_by_file(survey, index, 0, region.info.size);
		if (region.info.flags & VFIO_REGION_INFO_FLAG_MMAP)
			note_by_map(survey, index);
	}
	if (!region_query(survey->client, VFIO_PCI_VGA_REGION_INDEX, &region))
		note_vga(survey);
	config_set_command(survey->client, 0,
			   PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
}
