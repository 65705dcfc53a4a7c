/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What somebody who knows the format can do to a stream, as a table.
 */
#ifndef LIB_MIG_CRAFT_H
#define LIB_MIG_CRAFT_H

#include "mig_stream.h"

/* When a stream must be refused, if at all */
enum mig_fate {
	MIG_BY_WRITE,	/* while it is written */
	MIG_IN_THE_END,	/* then, or when RESUMING is left */
	MIG_ACCEPTED,
};

/**
 * struct mig_craft - Something done to a stream
 * @name: What it is called
 * @craft: Does it to a stream with these records
 * @is_sealed: Checksums, counts and the digest are made right afterwards
 * @fate: What must become of the stream
 */
struct mig_craft {
	const char *name;
	void (*craft)(struct mig_stream *stream,
		      const struct mig_records *all);
	bool is_sealed;
	enum mig_fate fate;
};

extern const struct mig_craft mig_crafts[];
extern const unsigned int mig_nr_crafts;

#endif
