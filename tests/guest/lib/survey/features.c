// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_FEATURE: each number that there is and some that there is not,
 * probed, got and set, with data of several sizes.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "survey/subjects.h"
#include "survey/unreadable.h"

#define NR_FEATURES 20

#define DATA_BYTES 64

#define GET VFIO_DEVICE_FEATURE_GET
#define SET VFIO_DEVICE_FEATURE_SET
#define PROBE VFIO_DEVICE_FEATURE_PROBE

static const struct {
	const char *name;
	uint32_t flags;
} ways[] = {
	{ "probed", PROBE },
	{ "probed to get", PROBE | GET },
	{ "probed to set", PROBE | SET },
	{ "probed to get and set", PROBE | GET | SET },
	{ "got", GET },
	{ "set", SET },
	{ "got and set", GET | SET },
	{ "left alone", 0 },
	{ "got with an unknown flag", GET | 1U << 19 },
};

static const uint32_t sizes[] = { 0, 1, 4, 8, 15, 16, 24, DATA_BYTES };

struct feature_call {
	struct vfio_device_feature head;
	uint8_t data[DATA_BYTES];
};

static void note_way(struct survey *survey, uint32_t feature,
		     unsigned int way)
{
	struct feature_call call;
	unsigned int i;
	long ret;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(&call, 0, sizeof(call));
		call.head.argsz = sizeof(call.head) + sizes[i];
		call.head.flags = ways[way].flags | feature;
		ret = survey_ioctl(survey, VFIO_DEVICE_FEATURE, &call);
		survey_note_answer(survey, ret, &call, sizeof(call),
				   SURVEY_CALL "feature %u %s, %u bytes",
				   feature, ways[way].name, sizes[i]);
		/* Some features hand out files. */
		if (ret > 0)
			close(ret);
	}
}

/* Data at the edge of memory that cannot be read. */
static void note_bad_data(struct survey *survey, uint32_t feature)
{
	struct vfio_device_feature head = { .argsz = sizeof(head) + 16 };
	char *at = (char *)unreadable_page() - sizeof(head);
	unsigned int way;

	for (way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
		head.flags = ways[way].flags | feature;
		memcpy(at, &head, sizeof(head));
		survey_note_result(survey,
				   survey_ioctl(survey, VFIO_DEVICE_FEATURE,
						at),
				   SURVEY_CALL "feature %u %s, unreadable",
				   feature, ways[way].name);
	}
}

void survey_features(struct survey *survey)
{
	struct vfio_device_feature wake = {
		.argsz = sizeof(wake),
		.flags = SET | VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
	};
	uint32_t feature;
	unsigned int way;

	for (feature = 0; feature < NR_FEATURES; feature++) {
		for (way = 0; way < sizeof(ways) / sizeof(ways[0]); way++)
			note_way(survey, feature, way);
		note_bad_data(survey, feature);
	}
	survey_note_result(survey,
			   survey_ioctl(survey, VFIO_DEVICE_FEATURE, &wake),
			   "wake up once more");
}
