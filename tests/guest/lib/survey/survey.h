/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A survey: what an opened device answers to everything that a client can
 * ask, as lines of a key and a value. Comparing two is in compare.h.
 */
#ifndef LIB_SURVEY_SURVEY_H
#define LIB_SURVEY_SURVEY_H

#include <stdbool.h>

#include "client.h"

/* What begins the keys of registers' and memory's contents. */
#define SURVEY_CONTENT "content "
/* What begins the keys of malformed calls, and of the calls beside them. */
#define SURVEY_CALL "call "

/**
 * struct answer - One line of a survey
 * @key: What was asked, readable and unique in the survey; owned
 * @value: What came back; owned
 */
struct answer {
	char *key;
	char *value;
};

/**
 * struct survey - What one device answered
 * @client: The device, open
 * @name: The name by which it was opened
 * @is_short: Only the beginnings of config space and regions are walked
 * @memory_bars: Bit mask of the BARs that are plain memory, to be filled
 * @answers: The answers, in the order of asking; owned
 * @nr_answers: How many
 * @room: For how many there is room
 */
struct survey {
	struct client *client;
	const char *name;
	bool is_short;
	unsigned int memory_bars;
	struct answer *answers;
	unsigned int nr_answers;
	unsigned int room;
};

/**
 * survey_take() - Ask a device everything
 * @survey: All but the answers is set by the caller
 *
 * The device ends up reset where it can be, its config space as it was.
 */
void survey_take(struct survey *survey);

/**
 * survey_free() - Free a survey's answers
 * @survey: The survey
 */
void survey_free(struct survey *survey);

/**
 * survey_note() - Note an answer
 * @survey: The survey
 * @value: What came back, copied
 * @key: What was asked, a printf format
 */
void survey_note(struct survey *survey, const char *value,
		 const char *key, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * survey_note_number() - Note a number, in hexadecimal
 * @survey: The survey
 * @value: The number
 * @key: What was asked, a printf format
 */
void survey_note_number(struct survey *survey, uint64_t value,
			const char *key, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * survey_note_result() - Note what a call returned
 * @survey: The survey
 * @result: What it returned, or a -errno, which is noted by its name
 * @key: What was asked, a printf format
 */
void survey_note_result(struct survey *survey, long result,
			const char *key, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * survey_note_bytes() - Note some bytes, in hexadecimal
 * @survey: The survey
 * @data: The bytes
 * @size: How many, at most SURVEY_BYTES_MAX
 * @key: What was asked, a printf format
 */
void survey_note_bytes(struct survey *survey, const void *data, size_t size,
		       const char *key, ...)
	__attribute__((format(printf, 4, 5)));

#define SURVEY_BYTES_MAX 1024

/**
 * survey_note_answer() - Note what a call returned and, unless it failed, left
 * @survey: The survey
 * @result: What it returned, or a -errno
 * @data: Its argument after the call
 * @size: Bytes at @data, at most SURVEY_BYTES_MAX
 * @key: What was asked, a printf format
 */
void survey_note_answer(struct survey *survey, long result, const void *data,
			size_t size, const char *key, ...)
	__attribute__((format(printf, 5, 6)));

/**
 * survey_ioctl() - Make a call on the device
 * @survey: The survey
 * @request: The call
 * @argument: Its argument, or a bad pointer
 *
 * Return: What ioctl() returned, or a -errno.
 */
long survey_ioctl(struct survey *survey, unsigned long request,
		  void *argument);

/**
 * survey_region_name() - What keys call a region
 * @index: VFIO_PCI_*_REGION_INDEX
 *
 * Return: A name, valid until the next call but three.
 */
const char *survey_region_name(unsigned int index);

#endif
