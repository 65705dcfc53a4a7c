// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparing surveys. What shall come of a difference is up to the test.
 */
#include "survey/compare.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int compare_keys(const void *one, const void *other)
{
	return strcmp(((const struct answer *)one)->key,
		      ((const struct answer *)other)->key);
}

const char *survey_sort(struct survey *survey)
{
	unsigned int i;

	qsort(survey->answers, survey->nr_answers, sizeof(*survey->answers),
	      compare_keys);
	for (i = 1; i < survey->nr_answers; i++) {
		if (!compare_keys(&survey->answers[i - 1],
				  &survey->answers[i]))
			return survey->answers[i].key;
	}
	return NULL;
}

unsigned int survey_count(const struct survey *survey, const char *beginning)
{
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < survey->nr_answers; i++)
		count += !strncmp(survey->answers[i].key, beginning,
				  strlen(beginning));
	return count;
}

static void add(struct differences *differences, const struct answer *one,
		const struct answer *other)
{
	differences->lines = reallocarray(differences->lines,
					  differences->nr + 1,
					  sizeof(*differences->lines));
	if (!differences->lines)
		abort();
	differences->lines[differences->nr++] = (struct difference) {
		.key = one ? one->key : other->key,
		.one = one ? one->value : NULL,
		.other = other ? other->value : NULL,
	};
}

void survey_compare(const struct survey *one, const struct survey *other,
		    struct differences *differences)
{
	const struct answer *a = one->answers;
	const struct answer *b = other->answers;
	const struct answer *a_end = a + one->nr_answers;
	const struct answer *b_end = b + other->nr_answers;

	*differences = (struct differences) { };
	while (a < a_end || b < b_end) {
		int order = a == a_end ? 1 : b == b_end ? -1 :
			    compare_keys(a, b);

		if (order < 0) {
			add(differences, a++, NULL);
		} else if (order > 0) {
			add(differences, NULL, b++);
		} else {
			if (strcmp(a->value, b->value))
				add(differences, a, b);
			a++;
			b++;
		}
	}
}

static bool has_key(const struct differences *differences, const char *key)
{
	unsigned int i;

	for (i = 0; i < differences->nr; i++) {
		if (!strcmp(differences->lines[i].key, key))
			return true;
	}
	return false;
}

void differences_drop(struct differences *differences,
		      const struct differences *others)
{
	unsigned int left = 0;
	unsigned int i;

	for (i = 0; i < differences->nr; i++) {
		if (!has_key(others, differences->lines[i].key))
			differences->lines[left++] = differences->lines[i];
	}
	differences->nr = left;
}

/* Take out what one line of the table means; how many that were. */
static unsigned int drop_one_intended(struct differences *differences,
				      const struct intended *intended)
{
	unsigned int left = 0;
	unsigned int i;

	for (i = 0; i < differences->nr; i++) {
		const struct difference *line = &differences->lines[i];

		if (fnmatch(intended->key, line->key, 0) || !line->other ||
		    fnmatch(intended->ours, line->other, 0))
			differences->lines[left++] = *line;
	}
	i = differences->nr - left;
	differences->nr = left;
	return i;
}

const char *differences_drop_intended(struct differences *differences,
				      const char *subject,
				      enum access_mode access)
{
	const struct intended *intended;
	const char *unseen = NULL;

	for (intended = intended_differences; intended->key; intended++) {
		if (fnmatch(intended->subject, subject, 0) ||
		    intended->access != access)
			continue;
		if (!drop_one_intended(differences, intended) && !unseen)
			unseen = intended->key;
	}
	return unseen;
}

void differences_free(struct differences *differences)
{
	free(differences->lines);
	*differences = (struct differences) { };
}
