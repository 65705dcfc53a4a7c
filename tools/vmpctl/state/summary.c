// SPDX-License-Identifier: GPL-2.0-only
/*
 * What save and load say when they are done.
 */
#include "summary.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "words.h"

static void print_json(const char *command, const struct device *device,
		       const struct options *options,
		       const struct survey *survey, double took_s, bool is_kept)
{
	json_t *pid = device->owner.pid ? json_integer(device->owner.pid) :
					  json_null();
	json_t *object;

	object = json_pack("{s:s, s:s, s:s, s:o*, s:o, s:I, s:I, s:f, s:b}",
			   "command", command,
			   "mdev", device->target.uuid,
			   "function", device->target.bdf,
			   "file", json_string(options->path),
			   "pid", pid,
			   "bytes", (json_int_t)survey->bytes,
			   "nr_records", (json_int_t)survey->nr_records,
			   "seconds", took_s,
			   "kept", is_kept);
	json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(object);
}

void summary_print(const char *command, const char *text,
		   const struct device *device, const struct options *options,
		   const struct survey *survey, double took_s, bool is_kept)
{
	char size[32];

	if (options->is_json) {
		print_json(command, device, options, survey, took_s, is_kept);
		return;
	}
	printf("%s %s: %s, %" PRIu64 " records, in %.2f s\n",
	       device->target.uuid, text,
	       words_bytes(survey->bytes, size, sizeof(size)),
	       survey->nr_records, took_s);
}
