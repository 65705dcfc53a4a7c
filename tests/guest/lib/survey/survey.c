// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking a survey: its subjects in order, and the noting of answers.
 * What is asked is in the files of the subjects.
 */
#include "survey/survey.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "survey/subjects.h"

/* What only looks comes first, what resets the device last. */
static void (*const subjects[])(struct survey *survey) = {
	survey_info,
	survey_content,
	survey_maps,
	survey_edges,
	survey_names,
	survey_calls,
	survey_irq_calls,
	survey_event_calls,
	survey_features,
	survey_config,
	survey_resets,
};

void survey_take(struct survey *survey)
{
	size_t i;

	for (i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		subjects[i](survey);
}

void survey_free(struct survey *survey)
{
	unsigned int i;

	for (i = 0; i < survey->nr_answers; i++) {
		free(survey->answers[i].key);
		free(survey->answers[i].value);
	}
	free(survey->answers);
	survey->answers = NULL;
	survey->nr_answers = 0;
	survey->room = 0;
}

static void add(struct survey *survey, const char *value, const char *key,
		va_list args)
{
	struct answer *answer;

	if (survey->nr_answers == survey->room) {
		survey->room = survey->room ? 2 * survey->room : 1024;
		survey->answers = reallocarray(survey->answers, survey->room,
					       sizeof(*survey->answers));
		if (!survey->answers)
			abort();
	}
	answer = &survey->answers[survey->nr_answers++];
	answer->value = strdup(value);
	if (!answer->value || vasprintf(&answer->key, key, args) < 0)
		abort();
}

void survey_note(struct survey *survey, const char *value,
		 const char *key, ...)
{
	va_list args;

	va_start(args, key);
	add(survey, value, key, args);
	va_end(args);
}

void survey_note_number(struct survey *survey, uint64_t value,
			const char *key, ...)
{
	char text[32];
	va_list args;

	snprintf(text, sizeof(text), "%#llx", (unsigned long long)value);
	va_start(args, key);
	add(survey, text, key, args);
	va_end(args);
}

static void name_result(char *text, size_t size, long result)
{
	const char *name = result < 0 ? strerrorname_np(-result) : NULL;

	if (name)
		snprintf(text, size, "%s", name);
	else
		snprintf(text, size, "%ld", result);
}

static void print_bytes(char *text, const void *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = data;

	if (size > SURVEY_BYTES_MAX)
		abort();
	for (; size--; bytes++) {
		*text++ = digits[*bytes >> 4];
		*text++ = digits[*bytes & 15];
	}
	*text = '\0';
}

void survey_note_result(struct survey *survey, long result,
			const char *key, ...)
{
	char text[32];
	va_list args;

	name_result(text, sizeof(text), result);
	va_start(args, key);
	add(survey, text, key, args);
	va_end(args);
}

void survey_note_bytes(struct survey *survey, const void *data, size_t size,
		       const char *key, ...)
{
	char text[2 * SURVEY_BYTES_MAX + 1];
	va_list args;

	print_bytes(text, data, size);
	va_start(args, key);
	add(survey, text, key, args);
	va_end(args);
}

void survey_note_answer(struct survey *survey, long result, const void *data,
			size_t size, const char *key, ...)
{
	char text[32 + 2 * SURVEY_BYTES_MAX + 1];
	va_list args;
	size_t used;

	name_result(text, 32, result);
	used = strlen(text);
	if (result >= 0) {
		text[used++] = ' ';
		print_bytes(text + used, data, size);
	}
	va_start(args, key);
	add(survey, text, key, args);
	va_end(args);
}

long survey_ioctl(struct survey *survey, unsigned long request,
		  void *argument)
{
	int ret = ioctl(survey->client->fd, request, argument);

	return ret < 0 ? -errno : ret;
}

const char *survey_region_name(unsigned int index)
{
	static const char * const names[] = {
		"BAR0", "BAR1", "BAR2", "BAR3", "BAR4", "BAR5",
		"ROM", "config space", "VGA",
	};
	static char others[4][32];
	static unsigned int next;
	char *other;

	if (index < sizeof(names) / sizeof(names[0]))
		return names[index];
	other = others[next++ % 4];
	snprintf(other, sizeof(others[0]), "region %u", index);
	return other;
}
