/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the user may have meant: the word that is nearest to a mistyped one.
 */
#ifndef VMPCTL_SIMILAR_H
#define VMPCTL_SIMILAR_H

/**
 * struct similar - a search for the nearest word
 * @typed: what the user typed
 * @best: the nearest of those offered so far; NULL if none is near
 * @distance: how many characters it is away
 */
struct similar {
	const char *typed;
	const char *best;
	unsigned int distance;
};

/* Begin a search. */
struct similar similar_to(const char *typed);

/*
 * Is @word nearer than those before? It is not copied. Two that are as near
 * leave the first: whoever asks shows it as a question.
 */
void similar_offer(struct similar *similar, const char *word);

#endif /* VMPCTL_SIMILAR_H */
