// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plain copy through a pipe, from one thread to another.
 */
#include "pipe.h"

#include <unistd.h>

#include "check.h"
#include "pair.h"

/* Written by the other thread before it writes to the pipe */
static size_t wanted_bytes(struct pipe *pipe)
{
	return __atomic_load_n(&pipe->wanted, __ATOMIC_ACQUIRE);
}

static void *drain(void *arg)
{
	static uint8_t piece[PIECE_BYTES];
	struct pipe *pipe = arg;
	size_t has = 0;
	ssize_t got;

	while ((got = read(pipe->fds[0], piece, sizeof(piece))) > 0) {
		has += got;
		if (has < wanted_bytes(pipe))
			continue;
		has = 0;
		sem_post(&pipe->has_come);
	}
	return NULL;
}

void pipe_open(struct pipe *ours)
{
	assert_int_equal(pipe(ours->fds), 0);
	assert_int_equal(sem_init(&ours->has_come, 0, 0), 0);
	assert_int_equal(pthread_create(&ours->thread, NULL, drain, ours), 0);
}

void pipe_copy(struct pipe *pipe, const uint8_t *bytes, size_t length)
{
	ssize_t done;

	__atomic_store_n(&pipe->wanted, length, __ATOMIC_RELEASE);
	for (; length; bytes += done, length -= done) {
		done = write(pipe->fds[1], bytes, length);
		assert_true(done > 0);
	}
	assert_int_equal(sem_wait(&pipe->has_come), 0);
}

void pipe_close(struct pipe *pipe)
{
	close(pipe->fds[1]);
	pthread_join(pipe->thread, NULL);
	close(pipe->fds[0]);
	sem_destroy(&pipe->has_come);
}
