// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gives the fuzzer's target the files named, without libFuzzer; so that seeds
 * and findings can be tried with any compiler.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static uint8_t input[4 * 1024 * 1024];

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *exact;
	size_t length;

	if (!file) {
		perror(path);
		return -1;
	}
	length = fread(input, 1, sizeof(input), file);
	fclose(file);

	/* Of its own length, so that sanitizers see its end. */
	exact = malloc(length);
	if (length && !exact)
		abort();
	for (size_t i = 0; i < length; i++)
		exact[i] = input[i];
	fprintf(stderr, "%s: %zu bytes\n", path, length);
	LLVMFuzzerTestOneInput(exact, length);
	free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	return failed ? 1 : 0;
}
