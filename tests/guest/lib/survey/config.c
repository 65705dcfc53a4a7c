// SPDX-License-Identifier: GPL-2.0-only
/*
 * The config space: as read, and what each byte reads as after all ones and
 * after zeros were written to it. VFIO virtualises what would be dangerous, and
 * each byte is put back before the next.
 */
#include <errno.h>
#include <stdio.h>

#include "region.h"
#include "survey/subjects.h"

#define CONFIG_MAX 4096
#define SHORT_BYTES 256

static unsigned int config_bytes(struct survey *survey)
{
	union region_info region;
	unsigned int limit = survey->is_short ? SHORT_BYTES : CONFIG_MAX;

	if (region_query(survey->client, VFIO_PCI_CONFIG_REGION_INDEX,
			 &region))
		return 0;
	return region.info.size < limit ? region.info.size : limit;
}

static void note_as_read(struct survey *survey, const char *when,
			 unsigned int size)
{
	unsigned int at;

	for (at = 0; at < config_bytes(survey); at += size)
		survey_note_number(survey,
				   config_read(survey->client, at, size),
				   "config %s by %u at %#x", when, size, at);
}

static void note_written(struct survey *survey, unsigned int at,
			 const char *what, uint8_t value)
{
	int ret = config_write(survey->client, at, 1, value);

	if (ret)
		survey_note_result(survey, ret, "config %#x, writing %s", at,
				   what);
	survey_note_number(survey, config_read(survey->client, at, 1),
			   "config %#x after %s", at, what);
}

void survey_config(struct survey *survey)
{
	unsigned int at;
	uint8_t former;

	note_as_read(survey, "as read", 1);
	note_as_read(survey, "as read", 2);
	note_as_read(survey, "as read", 4);
	for (at = 0; at < config_bytes(survey); at++) {
		former = config_read(survey->client, at, 1);
		note_written(survey, at, "ones", 0xff);
		note_written(survey, at, "zeros", 0x00);
		note_written(survey, at, "what it was", former);
	}
	note_as_read(survey, "after the writes", 4);
}
