/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Comparing surveys: which answers are stable, which differ, and which of the
 * differences are meant (intended.h).
 */
#ifndef LIB_SURVEY_COMPARE_H
#define LIB_SURVEY_COMPARE_H

#include "survey/intended.h"
#include "survey/survey.h"

/**
 * struct difference - One answer that differs
 * @key: What was asked
 * @one: The first survey's answer, NULL if it has none
 * @other: The second's
 *
 * The texts belong to the surveys.
 */
struct difference {
	const char *key;
	const char *one;
	const char *other;
};

/**
 * struct differences - Where two surveys differ
 * @lines: The differences, in the order of their keys; owned
 * @nr: How many
 */
struct differences {
	struct difference *lines;
	unsigned int nr;
};

/**
 * survey_sort() - Bring a survey's answers into the order of their keys
 * @survey: The survey
 *
 * Return: The first key that two answers have, NULL if all are unique.
 */
const char *survey_sort(struct survey *survey);

/**
 * survey_count() - How many answers have keys that begin so
 * @survey: The survey
 * @beginning: The keys' beginning
 *
 * Return: The count.
 */
unsigned int survey_count(const struct survey *survey, const char *beginning);

/**
 * survey_compare() - Find where two surveys differ
 * @one: A survey, sorted
 * @other: Another, sorted; both stay until @differences is freed
 * @differences: The answer
 */
void survey_compare(const struct survey *one, const struct survey *other,
		    struct differences *differences);

/**
 * differences_drop() - Take out the differences whose keys others have
 * @differences: Where they are taken out
 * @others: Differences whose keys count
 */
void differences_drop(struct differences *differences,
		      const struct differences *others);

/**
 * differences_drop_intended() - Take out the differences that are meant
 * @differences: Where they are taken out; its second survey is ours
 * @subject: As in struct intended
 * @access: As in struct intended
 *
 * Return: The key pattern of a line in the table of intended differences that
 * speaks of this subject, but was not found; NULL if there is none.
 */
const char *differences_drop_intended(struct differences *differences,
				      const char *subject,
				      enum access_mode access);

/**
 * differences_free() - Free what survey_compare() found
 * @differences: The differences
 */
void differences_free(struct differences *differences);

#endif
