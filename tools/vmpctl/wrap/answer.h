/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What wrap and unwrap print.
 */
#ifndef VMPCTL_ANSWER_H
#define VMPCTL_ANSWER_H

#include <jansson.h>

#include "command.h"
#include "job.h"

/**
 * struct answer - what there is to be said
 * @job: of which function, with what speaks against it, or spoke
 * @plan: with --dry-run, what would be done, an array; or NULL
 */
struct answer {
	const struct job *job;
	json_t *plan;
};

/* As docs/vmpctl-json.md describes it. */
void answer_json(const struct answer *answer);

/* What would be done, a step a line. */
void answer_plan(const struct answer *answer);

/*
 * Say on stderr what speaks against it. @what: "wrapped", say. Return:
 * STATUS_REFUSED.
 */
enum status answer_refusal(const struct answer *answer, const char *what);

/* Say on stderr what was hurt, for it was asked for. */
void answer_forced(const struct answer *answer);

#endif /* VMPCTL_ANSWER_H */
