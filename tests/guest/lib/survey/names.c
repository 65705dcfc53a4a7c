// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names by which a group gives the device, and those by which it does not.
 * A device's own node has no name to ask for.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "survey/subjects.h"
#include "survey/unreadable.h"

#define TOKEN "0f0e8a52-7d0c-4f0e-9a36-6ad2a4c0a001"

/* What comes before and behind the name. */
static const struct {
	const char *before;
	const char *behind;
} frames[] = {
	{ "", "" },
	{ "", " " },
	{ "", "x" },
	{ "", "\n" },
	{ "", "\t" },
	{ "", ".0" },
	{ "", " x" },
	{ "", "  " },
	{ "", " vf_token" },
	{ "", " vf_token=" },
	{ "", " vf_token=x" },
	{ "", " vf_token=" TOKEN },
	{ "", "  vf_token=" TOKEN },
	{ "", " vf_token=" TOKEN " " },
	{ "", " vf_token=" TOKEN " vf_token=" TOKEN },
	{ "", "\tvf_token=" TOKEN },
	{ "", " VF_TOKEN=" TOKEN },
	{ "", " other=1" },
	{ "", " other=1 vf_token=" TOKEN },
	{ " ", "" },
	{ "x", "" },
	{ "/", "" },
};

static long try_name(const struct survey *survey, const char *name)
{
	int fd = ioctl(survey->client->space->group_fd,
		       VFIO_GROUP_GET_DEVICE_FD, name);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* In a key, a name's own text and what is not printable would be no use. */
static void note_frame(struct survey *survey, unsigned int frame, size_t len)
{
	char name[256];

	snprintf(name, sizeof(name), "%s%.*s%s", frames[frame].before,
		 (int)len, survey->name, frames[frame].behind);
	survey_note_result(survey, try_name(survey, name), SURVEY_CALL
			   "open by name %u", frame);
}

static void note_part(struct survey *survey, const char *what,
		      const char *name)
{
	survey_note_result(survey, try_name(survey, name), SURVEY_CALL
			   "open by %s", what);
}

void survey_names(struct survey *survey)
{
	size_t len = strcspn(survey->name, " ");
	unsigned int frame;
	char name[256];

	if (survey->client->space->access != ACCESS_GROUP)
		return;
	for (frame = 0; frame < sizeof(frames) / sizeof(frames[0]); frame++)
		note_frame(survey, frame, len);
	snprintf(name, sizeof(name), "%.*s", (int)len - 1, survey->name);
	note_part(survey, "the name less its last letter", name);
	note_part(survey, "the name less its first letter", survey->name + 1);
	note_part(survey, "an empty name", "");
	note_part(survey, "no name", NULL);
	note_part(survey, "an unreadable name", unreadable_page());
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	note_part(survey, "a long name", name);
}
