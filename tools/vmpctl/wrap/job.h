/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function on its way from one driver to another, in steps each of which can
 * be done again: what is there already is left alone, so who was killed goes on
 * from the beginning.
 */
#ifndef VMPCTL_JOB_H
#define VMPCTL_JOB_H

#include <jansson.h>

#include "command.h"
#include "function/inventory.h"
#include "function/record.h"
#include "hazards.h"

/**
 * struct job - a function on its way
 * @fn: what it is now
 * @record: what it was; what it is to be
 * @has_record: it was found, not begun by this job
 * @had_override: driverctl had it for our driver before, so that stays
 * @had_definition: mdevctl had one for it before, likewise
 * @is_forced: what can be forced, is
 * @hazards: what speaks against it, as it was seen last
 * @done: what was done, in words, an array; owned
 */
struct job {
	struct function fn;
	struct record record;
	bool has_record;
	bool had_override;
	bool had_definition;
	bool is_forced;
	struct hazards hazards;
	json_t *done;
};

/**
 * struct step - a part of the way
 * @name: a word for the record
 * @plan: is there anything to be done? Then what, in @text
 * @run: do it. Return: STATUS_DONE, or what fail() has said
 */
struct step {
	const char *name;
	bool (*plan)(const struct job *job, char *text, size_t size);
	enum status (*run)(struct job *job);
};

/**
 * struct way - all steps in their order
 * @doing: what the record says meanwhile
 * @step: the steps
 * @nr: how many
 */
struct way {
	enum doing doing;
	const struct step *step;
	size_t nr;
};

extern const struct way way_there;
extern const struct way way_back;
/* To where it was bound to our driver already, but had no mdev. */
extern const struct way way_back_to_ours;

/* See what the function has become. */
void job_look(struct job *job);

/* What is to be done, in words, an array. */
json_t *job_plan(const struct job *job, const struct way *way);

/* Keep what the record says. Return: STATUS_DONE, or what fail() has said. */
enum status job_note(struct job *job, enum doing doing, const char *step);

/*
 * Go, and write each step down before it is begun. If @is_patient, signals do
 * not stop it. Return: STATUS_DONE; STATUS_INTERRUPTED between two steps, and
 * nothing was said; or what fail() has said.
 */
enum status job_go(struct job *job, const struct way *way, bool is_patient);

#endif /* VMPCTL_JOB_H */
