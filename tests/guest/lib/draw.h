/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers drawn from a seed: the same seed, the same numbers, on every machine.
 */
#ifndef LIB_DRAW_H
#define LIB_DRAW_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct draw - A sequence of numbers
 * @state: Where it is
 */
struct draw {
	uint64_t state;
};

/**
 * draw_begin() - Begin a sequence
 * @draw: The sequence
 * @seed: Any number; seeds that are close give sequences that are not
 */
void draw_begin(struct draw *draw, uint64_t seed);

/**
 * draw_bits() - Draw 64 bits
 * @draw: The sequence
 *
 * Return: The bits.
 */
uint64_t draw_bits(struct draw *draw);

/**
 * draw_below() - Draw a number
 * @draw: The sequence
 * @limit: How many numbers there are, at least 1
 *
 * Return: A number from 0 to @limit - 1.
 */
unsigned int draw_below(struct draw *draw, unsigned int limit);

/**
 * draw_one_in() - Draw whether something happens
 * @draw: The sequence
 * @count: It happens once in so many times
 *
 * Return: Whether it does.
 */
bool draw_one_in(struct draw *draw, unsigned int count);

/**
 * draw_seed() - The seed of a run
 * @variable: A variable of the environment that may hold it
 * @fallback: The seed if it does not
 *
 * Return: The seed.
 */
uint64_t draw_seed(const char *variable, uint64_t fallback);

/**
 * draw_number() - A number that the environment may hold
 * @variable: The variable
 * @fallback: The number if it does not
 *
 * Return: The number.
 */
unsigned int draw_number(const char *variable, unsigned int fallback);

#endif
