// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in a stream, gathered while it passes.
 */
#include "survey.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

struct survey *survey_create(void)
{
	struct survey *survey = calloc(1, sizeof(*survey));

	if (survey)
		vmp_stream_reader_init(&survey->reader, survey->payload,
				       sizeof(survey->payload));
	return survey;
}

static void add_record(struct survey *survey)
{
	const struct vmp_stream_reader *reader = &survey->reader;
	struct survey_run *run = NULL;

	survey->nr_records++;
	if (survey->nr_runs && !survey->nr_runs_left_out)
		run = &survey->runs[survey->nr_runs - 1];
	if (!run || run->type != reader->type || run->flags != reader->flags) {
		if (survey->nr_runs == SURVEY_MAX_RUNS) {
			survey->nr_runs_left_out++;
			return;
		}
		run = &survey->runs[survey->nr_runs++];
		run->offset = reader->bytes - reader->length -
			      sizeof(reader->record);
		run->type = reader->type;
		run->flags = reader->flags;
		run->crc32c = le32toh(reader->record.crc32c);
	}
	run->count++;
	run->bytes += reader->length;
}

static void take_record(struct survey *survey)
{
	add_record(survey);
	if (survey->reader.type != VMP_RECORD_IDENTITY)
		return;
	memcpy(&survey->identity, survey->payload, sizeof(survey->identity));
	survey->has_identity = true;
}

static bool has_end(const struct survey *survey)
{
	return survey->nr_runs &&
	       survey->runs[survey->nr_runs - 1].type == VMP_RECORD_END;
}

static bool complain(struct survey *survey, const char *complaint)
{
	enum vmp_stream_part part = survey->reader.part;

	survey->complaint = complaint;
	survey->damage_offset = survey->reader.bytes;
	survey->is_in_record = part == VMP_STREAM_PAYLOAD ||
			       (part == VMP_STREAM_REFUSED &&
				survey->has_header && !has_end(survey));
	return false;
}

bool survey_feed(struct survey *survey, const void *data, size_t length)
{
	size_t used;
	int ret;

	if (survey->complaint)
		return false;

	survey->bytes += length;
	while (length) {
		ret = vmp_stream_feed(&survey->reader, data, length, &used);
		survey->has_header = survey->reader.bytes;
		if (ret < 0)
			return complain(survey, survey->reader.complaint);
		if (ret > 0)
			take_record(survey);
		data = (const char *)data + used;
		length -= used;
	}
	return true;
}

bool survey_finish(struct survey *survey)
{
	if (survey->complaint)
		return false;
	if (survey->reader.part == VMP_STREAM_ENDED)
		return true;
	if (!survey->bytes)
		return complain(survey, "is empty");
	return complain(survey, "is cut off");
}
