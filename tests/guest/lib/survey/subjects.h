/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subjects of a survey, one function a file. Each asks about one thing and
 * leaves the device to the next as it found it.
 */
#ifndef LIB_SURVEY_SUBJECTS_H
#define LIB_SURVEY_SUBJECTS_H

#include "survey.h"

/**
 * survey_info() - What the device, its regions and its interrupts are
 * @survey: The survey
 */
void survey_info(struct survey *survey);

/**
 * survey_features() - Each feature, probed, got and set
 * @survey: The survey
 */
void survey_features(struct survey *survey);

/**
 * survey_content() - What registers, memory, ROM and legacy VGA hold
 * @survey: The survey
 *
 * Memory is filled first.
 */
void survey_content(struct survey *survey);

/**
 * survey_maps() - Which parts of which regions can be mapped, and how
 * @survey: The survey
 */
void survey_maps(struct survey *survey);

/**
 * survey_calls() - Each call of VFIO's, and numbers beside, malformed
 * @survey: The survey
 */
void survey_calls(struct survey *survey);

/**
 * survey_irq_calls() - Interrupts set in all ways, most of them wrong
 * @survey: The survey
 */
void survey_irq_calls(struct survey *survey);

/**
 * survey_event_calls() - Writes by eventfd, most of them wrong
 * @survey: The survey
 */
void survey_event_calls(struct survey *survey);

/**
 * survey_edges() - Reads and writes of odd sizes at odd places
 * @survey: The survey
 */
void survey_edges(struct survey *survey);

/**
 * survey_names() - The names by which the group gives the device
 * @survey: The survey
 */
void survey_names(struct survey *survey);

/**
 * survey_config() - The config space as read, and after each byte was written
 * @survey: The survey
 */
void survey_config(struct survey *survey);

/**
 * survey_resets() - Reset and hot reset, and what they leave
 * @survey: The survey
 */
void survey_resets(struct survey *survey);

#endif
