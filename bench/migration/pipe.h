/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A plain copy through a pipe, from one thread to another: what streams are
 * compared with.
 */
#ifndef BENCH_PIPE_H
#define BENCH_PIPE_H

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct pipe - A pipe with a thread that reads it
 * @fds: Its ends
 * @thread: The thread
 * @wanted: Bytes that the thread is to read before it says so
 * @has_come: Posted when it has read them
 */
struct pipe {
	int fds[2];
	pthread_t thread;
	size_t wanted;
	sem_t has_come;
};

/**
 * pipe_open() - Make a pipe and begin to read it. Fails the test
 * @pipe: The pipe
 */
void pipe_open(struct pipe *pipe);

/**
 * pipe_copy() - Copy through a pipe, and wait until all has come. Fails the test
 * @pipe: The pipe
 * @bytes: What
 * @length: How many bytes, at most PIECE_BYTES
 */
void pipe_copy(struct pipe *pipe, const uint8_t *bytes, size_t length);

/**
 * pipe_close() - End the thread and the pipe
 * @pipe: The pipe
 */
void pipe_close(struct pipe *pipe);

#endif
