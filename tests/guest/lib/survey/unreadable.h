/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that cannot be read or written, for calls that shall fail.
 */
#ifndef LIB_SURVEY_UNREADABLE_H
#define LIB_SURVEY_UNREADABLE_H

/**
 * unreadable_page() - A page that faults when touched
 *
 * The bytes just before it can be touched, UNREADABLE_BEFORE of them, so that
 * an argument can lie across the edge.
 *
 * Return: The page; it stays for the life of the process.
 */
void *unreadable_page(void);

#define UNREADABLE_BEFORE 4096

#endif
