// SPDX-License-Identifier: GPL-2.0-only
/*
 * A survey of a stream as JSON.
 */
#include <endian.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "words.h"

static json_t *hex(unsigned int digits, uint32_t value)
{
	return json_sprintf("%0*x", digits, value);
}

static json_t *capabilities(uint64_t bits)
{
	json_t *array = json_array();
	unsigned int id;

	for (id = 0; id < 64; id++) {
		if (bits >> id & 1)
			json_array_append_new(array, json_integer(id));
	}
	return array;
}

/* What is in a file may be larger than the numbers of JSON that we can write. */
static json_int_t number(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : value;
}

static json_t *bars(const struct vmp_identity *identity)
{
	json_t *array = json_array();
	uint8_t flags;
	int i;

	for (i = 0; i < VMP_NR_BARS; i++) {
		if (!identity->bar_bytes[i])
			continue;
		flags = identity->bar_flags[i];
		json_array_append_new(array,
				      json_pack("{s:i, s:I, s:b, s:b, s:b}", "bar", i,
						"bytes",
						number(le64toh(identity->bar_bytes[i])),
						"io", !!(flags & 1),
						"is_64bit", !!(flags & 4),
						"prefetchable",
						!!(flags & 8)));
	}
	return array;
}

/* JSON is UTF-8, and what is in a file may be anything. */
static json_t *name(const char *bytes, size_t size)
{
	char text[VMP_BACKEND_NAME_BYTES + 1] = "";
	size_t i;

	for (i = 0; i < size && bytes[i]; i++)
		text[i] = bytes[i] > ' ' && bytes[i] <= '~' ? bytes[i] : '?';
	return json_string(text);
}

static json_t *identity(const struct vmp_identity *identity)
{
	uint32_t class_revision = le32toh(identity->class_revision);

	return json_pack("{s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:o, s:o}",
			 "backend", name(identity->backend,
					 sizeof(identity->backend)),
			 "backend_version",
			 (json_int_t)le32toh(identity->backend_version),
			 "backend_oldest_reader",
			 (json_int_t)le32toh(identity->backend_oldest_reader),
			 "vendor", hex(4, le16toh(identity->vendor)),
			 "device", hex(4, le16toh(identity->device)),
			 "subsystem_vendor",
			 hex(4, le16toh(identity->subsystem_vendor)),
			 "subsystem_device",
			 hex(4, le16toh(identity->subsystem_device)),
			 "class", hex(6, class_revision >> 8),
			 "revision", hex(2, class_revision & 0xff),
			 "msi_vectors", le16toh(identity->nr_msi),
			 "msix_vectors", le16toh(identity->nr_msix),
			 "capabilities",
			 capabilities(le64toh(identity->capabilities)),
			 "bars", bars(identity));
}

static json_t *records(const struct survey *survey)
{
	json_t *array = json_array();
	const struct survey_run *run;
	char buffer[32];
	unsigned int i;

	for (i = 0; i < survey->nr_runs; i++) {
		run = &survey->runs[i];
		json_array_append_new(array,
				      json_pack("{s:I, s:I, s:s, s:b, s:I, s:I, s:o, s:s}",
						"offset",
						(json_int_t)run->offset,
						"type", (json_int_t)run->type,
						"name",
						words_record(run->type, buffer,
							     sizeof(buffer)),
						"mandatory",
						!!(run->flags &
						   VMP_RECORD_MANDATORY),
						"count", (json_int_t)run->count,
						"bytes", (json_int_t)run->bytes,
						"first_crc32c",
						hex(8, run->crc32c),
						"checksum", "good"));
	}
	return array;
}

static json_t *header(const struct vmp_stream_header *header)
{
	return json_pack("{s:i, s:i}", "version", le16toh(header->version),
			 "oldest_reader", le16toh(header->oldest_reader));
}

static json_t *damage(const struct survey *survey)
{
	json_t *record = json_null();
	char buffer[32];

	if (!survey->complaint)
		return json_null();
	if (survey->is_in_record)
		record = json_pack("{s:I, s:s, s:I}",
				   "type", (json_int_t)survey->reader.type,
				   "name", words_record(survey->reader.type,
							buffer, sizeof(buffer)),
				   "bytes", (json_int_t)survey->reader.length);
	return json_pack("{s:I, s:s, s:o}", "offset",
			 (json_int_t)survey->damage_offset,
			 "what", survey->complaint, "record", record);
}

void report_json(const struct survey *survey, const char *path)
{
	json_t *object;

	object = json_pack("{s:o*, s:b, s:I, s:I, s:o, s:o, s:o, s:I, s:o}",
			   "file", json_string(path),
			   "whole", !survey->complaint,
			   "bytes", (json_int_t)survey->bytes,
			   "nr_records", (json_int_t)survey->nr_records,
			   "header", survey->has_header ?
				     header(&survey->reader.header) :
				     json_null(),
			   "identity", survey->has_identity ?
				       identity(&survey->identity) :
				       json_null(),
			   "records", records(survey),
			   "records_left_out",
			   (json_int_t)survey->nr_runs_left_out,
			   "damage", damage(survey));
	json_dumpf(object, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(object);
}
