// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold of vmpctl's reports for any bytes in a file with any name: they
 * say of the file what the document says, the JSON is JSON with numbers that
 * make sense, and the text is of characters that a terminal only shows. libFuzzer
 * calls it, or replay.c.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/vmpctl/state/report.h"
#include "../../tools/vmpctl/state/survey.h"
#include "fuzz.h"
#include "image.h"

/* A file's name is drawn from its last bytes. */
#define NAME_BYTES 8

static void expect(bool is_so, const char *what)
{
	if (is_so)
		return;
	fprintf(stderr, "a report breaks a promise: %s\n", what);
	abort();
}

/* What a report prints. Free it. */
static char *printed(void (*report)(const struct survey *survey,
				    const char *path),
		     const struct survey *survey, const char *path,
		     size_t *length)
{
	FILE *terminal = stdout;
	char *text = NULL;

	stdout = open_memstream(&text, length);
	expect(stdout, "there is memory");
	report(survey, path);
	fclose(stdout);
	stdout = terminal;
	return text;
}

static void expect_sense(json_t *value)
{
	const char *key;
	json_t *part;
	size_t i;

	if (json_is_integer(value))
		expect(json_integer_value(value) >= 0,
		       "no number of it is below zero");
	json_array_foreach(value, i, part)
		expect_sense(part);
	json_object_foreach(value, key, part)
		expect_sense(part);
}

static void check_json(const struct survey *survey, const char *path,
		       bool is_whole, size_t length)
{
	size_t text_bytes;
	char *text = printed(report_json, survey, path, &text_bytes);
	json_t *report = json_loadb(text, text_bytes, 0, NULL);

	expect(report, "its JSON is JSON");
	expect(json_is_true(json_object_get(report, "whole")) == is_whole,
	       "it says whether the stream is whole");
	expect(!is_whole || json_integer_value(json_object_get(report, "bytes")) ==
			    (json_int_t)length, "it counts the bytes");
	expect_sense(report);
	json_decref(report);
	free(text);
}

static void check_text(const struct survey *survey)
{
	size_t length;
	char *text = printed(report_text, survey, "file", &length);
	size_t i;

	for (i = 0; i < length; i++)
		expect(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'),
		       "its text has nothing that a terminal would obey");
	expect(length, "it says something");
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct judgement judgement =
		image_judge(data, length, VMP_STREAM_RECORD_MAX_BYTES);
	struct survey *survey = survey_create();
	char name[NAME_BYTES + 1] = "x";
	bool is_whole;

	expect(survey, "there is memory");
	if (length >= NAME_BYTES)
		memcpy(name, data + length - NAME_BYTES, NAME_BYTES);
	survey_feed(survey, data, length / 2);
	survey_feed(survey, data + length / 2, length - length / 2);
	is_whole = survey_finish(survey);
	expect(is_whole == (judgement.verdict == 1),
	       "its verdict is the document's");
	check_json(survey, name, is_whole, length);
	check_text(survey);
	free(survey);
	return 0;
}
