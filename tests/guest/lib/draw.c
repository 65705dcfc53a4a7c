// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers drawn from a seed, by SplitMix64 (Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014).
 */
#include "draw.h"

#include <stdlib.h>

void draw_begin(struct draw *draw, uint64_t seed)
{
	draw->state = seed;
}

uint64_t draw_bits(struct draw *draw)
{
	uint64_t bits;

	draw->state += 0x9e3779b97f4a7c15ULL;
	bits = draw->state;
	bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
	bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
	return bits ^ (bits >> 31);
}

unsigned int draw_below(struct draw *draw, unsigned int limit)
{
	return (draw_bits(draw) >> 32) * limit >> 32;
}

bool draw_one_in(struct draw *draw, unsigned int count)
{
	return !draw_below(draw, count);
}

uint64_t draw_seed(const char *variable, uint64_t fallback)
{
	const char *given = getenv(variable);

	return given ? strtoull(given, NULL, 0) : fallback;
}

unsigned int draw_number(const char *variable, unsigned int fallback)
{
	return draw_seed(variable, fallback);
}
