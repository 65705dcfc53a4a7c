/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream that is good, and assertions about what a reader says of one.
 */
#ifndef UNIT_EXPECT_H
#define UNIT_EXPECT_H

#include "image.h"
#include "migration/stream.h"
#include "reading.h"

#define NR_GOOD_RECORDS 7
#define CONFIG_RECORD 4

/* A stream with all that there is; its records 2 and 3 are empty. */
struct image good_image(void);

/* The reader takes it all, and gives its records as they are. */
void expect_whole(struct reading reading, const struct image *image);

/* It refuses it, for a reason in which these words are. */
void expect_refusal(const struct image *image, int verdict,
		    const char *reason);

#endif /* UNIT_EXPECT_H */
