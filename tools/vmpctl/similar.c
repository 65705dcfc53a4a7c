// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the user may have meant: the word that is nearest to a mistyped one, by
 * Levenshtein's distance, in which two neighbours that were swapped count once.
 */
#include "similar.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* A UUID has 36 characters; nothing longer is looked for. */
#define MAX_LENGTH 40

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned int distance(const char *a, const char *b)
{
	unsigned int table[MAX_LENGTH + 1][MAX_LENGTH + 1];
	size_t nr_a = strlen(a);
	size_t nr_b = strlen(b);
	size_t i;
	size_t j;

	for (i = 0; i <= nr_a; i++)
		table[i][0] = i;
	for (j = 0; j <= nr_b; j++)
		table[0][j] = j;
	for (i = 1; i <= nr_a; i++) {
		for (j = 1; j <= nr_b; j++) {
			table[i][j] = table[i - 1][j - 1] +
				      !is_same(a[i - 1], b[j - 1]);
			table[i][j] = least(table[i][j],
					    least(table[i - 1][j],
						  table[i][j - 1]) + 1);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]))
				table[i][j] = least(table[i][j],
						    table[i - 2][j - 2] + 1);
		}
	}
	return table[nr_a][nr_b];
}

struct similar similar_to(const char *typed)
{
	/* With a third of it wrong, it is something else. */
	return (struct similar) {
		.typed = typed,
		.distance = (strlen(typed) + 2) / 3 + 1,
	};
}

void similar_offer(struct similar *similar, const char *word)
{
	unsigned int found;

	if (strlen(word) > MAX_LENGTH || strlen(similar->typed) > MAX_LENGTH)
		return;
	found = distance(similar->typed, word);
	if (found >= similar->distance)
		return;
	similar->distance = found;
	similar->best = word;
}
