// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes a stream and makes all checksums right again: a stream that only a
 * device can refuse. From stdin to stdout:
 *
 *	mend [--insert COUNT] [OFFSET=VALUE]...
 *
 * VALUE replaces 4 bytes. COUNT empty records that nobody needs to know are
 * put in behind the identity, after that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"

#define TYPE_NEWS 77

static struct image read_all(void)
{
	struct image image = image_new();
	char buffer[65536];
	ssize_t got;

	while ((got = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		image_append(&image, buffer, got);
	return image;
}

static int change(struct image *image, const char *text)
{
	unsigned long offset;
	char *equals;

	offset = strtoul(text, &equals, 0);
	if (*equals != '=' || offset + 4 > image->length)
		return -1;
	put32(image->bytes + offset, strtoul(equals + 1, NULL, 0));
	return 0;
}

/* All at once: an image grows by reallocation. */
static struct image insert(const struct image *image, unsigned long count)
{
	static const uint8_t record[RECORD_BYTES] = { TYPE_NEWS };
	size_t at = image_offset(image, 1);
	struct image other = image_new();

	other.length = image->length + count * sizeof(record);
	other.bytes = malloc(other.length + 1);
	if (!other.bytes)
		abort();
	memcpy(other.bytes, image->bytes, at);
	memcpy(other.bytes + at + count * sizeof(record), image->bytes + at,
	       image->length - at);
	for (; count; count--, at += sizeof(record))
		memcpy(other.bytes + at, record, sizeof(record));
	return other;
}

int main(int argc, char **argv)
{
	struct image image = read_all();
	unsigned long count = 0;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--insert") && i + 1 < argc)
			count = strtoul(argv[++i], NULL, 0);
		else if (change(&image, argv[i]))
			return 2;
	}
	image = insert(&image, count);
	image_fix_end(&image);
	return fwrite(image.bytes, 1, image.length, stdout) != image.length;
}
