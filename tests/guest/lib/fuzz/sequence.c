// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sequences: drawn from a seed, written and read as text.
 *
 * The text: a line "device ID", then a line for each call, of the lane's name,
 * the operation's and its numbers. What begins with "#" is for people.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "failure.h"
#include "fuzz.h"

static const char * const lane_names[FUZZ_NR_LANES] = {
	[FUZZ_FIRST] = "first",
	[FUZZ_SECOND] = "second",
	[FUZZ_ADMIN] = "admin",
};

static const struct fuzz_operation * const tables[] = {
	fuzz_device_operations,
	fuzz_space_operations,
	fuzz_file_operations,
	fuzz_sysfs_operations,
};

const struct fuzz_operation *fuzz_operation(unsigned int index)
{
	size_t table;
	unsigned int i;

	for (table = 0; table < ARRAY_SIZE(tables); table++) {
		for (i = 0; tables[table][i].name; i++) {
			if (!index--)
				return &tables[table][i];
		}
	}
	return NULL;
}

static unsigned int nr_fields(const struct fuzz_operation *operation)
{
	unsigned int nr = 0;

	while (nr < FUZZ_MAX_FIELDS && operation->fields[nr].kind)
		nr++;
	return nr;
}

static unsigned int weigh(const struct fuzz_operation *operation,
			  bool is_admins, enum access_mode access)
{
	if (operation->is_admins != is_admins)
		return 0;
	if (operation->only_by && !(operation->only_by & (1U << access)))
		return 0;
	return operation->weight ? operation->weight : 1;
}

static unsigned int draw_operation(struct draw *draw, bool is_admins,
				   enum access_mode access)
{
	const struct fuzz_operation *operation;
	unsigned int total = 0;
	unsigned int drawn;
	unsigned int i;

	for (i = 0; (operation = fuzz_operation(i)); i++)
		total += weigh(operation, is_admins, access);
	assert_true(i <= FUZZ_MAX_OPERATIONS);
	drawn = draw_below(draw, total);
	for (i = 0; ; i++) {
		operation = fuzz_operation(i);
		if (drawn < weigh(operation, is_admins, access))
			return i;
		drawn -= weigh(operation, is_admins, access);
	}
}

static void draw_call(struct draw *draw, struct fuzz_call *call,
		      enum fuzz_lane lane, enum access_mode access)
{
	const struct fuzz_operation *operation;
	unsigned int i;

	call->lane = lane;
	call->operation = draw_operation(draw, lane == FUZZ_ADMIN, access);
	operation = fuzz_operation(call->operation);
	for (i = 0; i < nr_fields(operation); i++)
		call->numbers[i] = fuzz_draw_number(draw,
						    operation->fields[i].kind);
}

/*
 * Half of the sequences have one lane, so that what they do is the same each
 * time; the others have all three, or are an administrator's alone.
 */
void fuzz_draw_sequence(struct fuzz_sequence *sequence, const char *device,
			enum access_mode access, uint64_t seed)
{
	struct draw draw;
	unsigned int mix;
	unsigned int i;

	memset(sequence, 0, sizeof(*sequence));
	snprintf(sequence->device, sizeof(sequence->device), "%s", device);
	sequence->seed = seed;
	draw_begin(&draw, seed);
	mix = draw_below(&draw, 8);
	sequence->nr_calls = 1 + draw_below(&draw, FUZZ_MAX_CALLS);
	for (i = 0; i < sequence->nr_calls; i++) {
		enum fuzz_lane lane = FUZZ_FIRST;

		if (mix == 4 || (mix > 4 && draw_one_in(&draw, 4)))
			lane = FUZZ_ADMIN;
		else if (mix > 4 && draw_one_in(&draw, 2))
			lane = FUZZ_SECOND;
		draw_call(&draw, &sequence->calls[i], lane, access);
	}
}

void fuzz_print_sequence(FILE *file, const char *prefix,
			 const struct fuzz_sequence *sequence)
{
	const struct fuzz_operation *operation;
	const struct fuzz_call *call;
	unsigned int i;
	unsigned int j;

	fprintf(file, "%sdevice %s\n", prefix, sequence->device);
	for (i = 0; i < sequence->nr_calls; i++) {
		call = &sequence->calls[i];
		operation = fuzz_operation(call->operation);
		fprintf(file, "%s%s %s", prefix, lane_names[call->lane],
			operation->name);
		for (j = 0; j < nr_fields(operation); j++)
			fprintf(file, " %#llx",
				(unsigned long long)call->numbers[j]);
		fputc('\n', file);
	}
}

static int find_lane(const char *name)
{
	int i;

	for (i = 0; i < FUZZ_NR_LANES; i++) {
		if (!strcmp(name, lane_names[i]))
			return i;
	}
	return failure_set(EINVAL, "there is no lane '%s'", name);
}

static int find_operation(const char *name)
{
	const struct fuzz_operation *operation;
	int i;

	for (i = 0; (operation = fuzz_operation(i)); i++) {
		if (!strcmp(name, operation->name))
			return i;
	}
	return failure_set(EINVAL, "there is no operation '%s'", name);
}

static int read_call(struct fuzz_call *call, char *line)
{
	const char *blanks = " \t\n";
	const struct fuzz_operation *operation;
	char *rest;
	char *word = strtok_r(line, blanks, &rest);
	unsigned int i;
	int ret;

	ret = find_lane(word ? word : "");
	if (ret < 0)
		return ret;
	call->lane = ret;
	word = strtok_r(NULL, blanks, &rest);
	ret = find_operation(word ? word : "");
	if (ret < 0)
		return ret;
	call->operation = ret;
	operation = fuzz_operation(ret);
	for (i = 0; i < nr_fields(operation); i++) {
		word = strtok_r(NULL, blanks, &rest);
		if (!word)
			return failure_set(EINVAL, "%s wants %u numbers",
					   operation->name,
					   nr_fields(operation));
		call->numbers[i] = strtoull(word, NULL, 0);
	}
	return 0;
}

static int read_line(struct fuzz_sequence *sequence, char *line)
{
	if (line[0] == '#' || line[0] == '\n')
		return 0;
	if (sscanf(line, "device %31s", sequence->device) == 1)
		return 0;
	if (sequence->nr_calls == FUZZ_MAX_CALLS)
		return failure_set(E2BIG, "a sequence has %d calls at most",
				   FUZZ_MAX_CALLS);
	return read_call(&sequence->calls[sequence->nr_calls++], line);
}

int fuzz_read_sequence(struct fuzz_sequence *sequence, const char *path)
{
	char line[512];
	int ret = 0;
	FILE *file;

	memset(sequence, 0, sizeof(*sequence));
	file = fopen(path, "re");
	if (!file)
		return failure_set(errno, "cannot open %s", path);
	while (!ret && fgets(line, sizeof(line), file))
		ret = read_line(sequence, line);
	fclose(file);
	if (!ret && !sequence->device[0])
		ret = failure_set(EINVAL, "%s names no device", path);
	return ret;
}
