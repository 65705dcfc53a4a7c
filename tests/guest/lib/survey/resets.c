// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reset and hot reset, malformed and not, and what they leave of the config
 * space.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "region.h"
#include "survey/subjects.h"

#define NOTED_CONFIG_BYTES 256

/* Group files that a malformed hot reset shows; more than groups there are. */
#define NR_FILES 40

struct reset_call {
	struct vfio_pci_hot_reset head;
	int32_t files[NR_FILES];
};

enum file { FILE_GROUP, FILE_NONE, FILE_DEVICE, FILE_CONTAINER };

static const struct {
	const char *name;
	uint32_t argsz;
	uint32_t flags;
	uint32_t count;
	enum file file;
} shapes[] = {
	{ "no file", 12, 0, 0, FILE_GROUP },
	{ "its group", sizeof(struct reset_call), 0, 1, FILE_GROUP },
	{ "its group twice", sizeof(struct reset_call), 0, 2, FILE_GROUP },
	{ "40 groups", sizeof(struct reset_call), 0, NR_FILES, FILE_GROUP },
	{ "2^31 groups", sizeof(struct reset_call), 0, 1U << 31, FILE_GROUP },
	{ "argsz too small", 11, 0, 1, FILE_GROUP },
	{ "a flag", sizeof(struct reset_call), 1, 1, FILE_GROUP },
	{ "file -1", sizeof(struct reset_call), 0, 1, FILE_NONE },
	{ "the device's file", sizeof(struct reset_call), 0, 1, FILE_DEVICE },
	{ "the container's file", sizeof(struct reset_call), 0, 1,
	  FILE_CONTAINER },
};

static void note_config(struct survey *survey, const char *when)
{
	unsigned int at;

	for (at = 0; at < NOTED_CONFIG_BYTES; at += 4)
		survey_note_number(survey, config_read(survey->client, at, 4),
				   "config after %s at %#x", when, at);
}

static void note_hot_reset_info(struct survey *survey, unsigned int room)
{
	struct hot_reset reset;
	int ret = client_hot_reset_info(survey->client, &reset, room);
	char text[32];

	/* That the room is too small is an answer, too: how much is needed. */
	if (ret == -ENOSPC) {
		snprintf(text, sizeof(text), "ENOSPC for %u",
			 reset.header.count);
		survey_note(survey, text, "hot reset info, room for %u", room);
		return;
	}
	survey_note_answer(survey, ret, &reset, sizeof(reset),
			   "hot reset info, room for %u", room);
}

static void note_hot_resets(struct survey *survey)
{
	const struct space *space = survey->client->space;
	const int32_t files[] = {
		[FILE_GROUP] = space->group_fd,
		[FILE_NONE] = -1,
		[FILE_DEVICE] = survey->client->fd,
		[FILE_CONTAINER] = space->fd,
	};
	struct reset_call call;
	unsigned int file;
	unsigned int i;
	long ret;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		call.head = (struct vfio_pci_hot_reset) {
			.argsz = shapes[i].argsz,
			.flags = shapes[i].flags,
			.count = shapes[i].count,
		};
		for (file = 0; file < NR_FILES; file++)
			call.files[file] = files[shapes[i].file];
		ret = survey_ioctl(survey, VFIO_DEVICE_PCI_HOT_RESET, &call);
		survey_note_result(survey, ret, "hot reset with %s",
				   shapes[i].name);
	}
}

void survey_resets(struct survey *survey)
{
	survey_note_result(survey, client_reset(survey->client), "reset");
	note_config(survey, "reset");
	note_hot_reset_info(survey, 0);
	note_hot_reset_info(survey, 1);
	note_hot_reset_info(survey, HOT_RESET_MAX);
	note_hot_resets(survey);
	note_config(survey, "hot reset");
	/* Whatever the hot resets did, the next user finds a device at rest. */
	survey_note_result(survey, client_reset(survey->client),
			   "reset once more");
}
