/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Users of all functions of a machine, who live from bind to unbind at the same
 * time. One test at a time has them.
 */
#ifndef LIB_CROWD_SCENE_H
#define LIB_CROWD_SCENE_H

#include <pthread.h>

#include "crowd.h"

/* Fewer would prove nothing. */
#define CROWD_MIN 64

/**
 * struct crowd_user - A group's owner: who opens one of its functions has all
 * @members: The functions
 * @nr_members: How many
 * @space: Where they are open
 * @has_space: @space is open
 * @clients: One for each member
 * @devices: The same
 * @nr_clients: How many are open
 * @failed_step: The step that failed, or NULL
 * @failure: How
 * @thread: The user's own
 */
struct crowd_user {
	struct crowd_member *members;
	unsigned int nr_members;
	struct space space;
	bool has_space;
	struct client *clients;
	struct crowd_device *devices;
	unsigned int nr_clients;
	const char *failed_step;
	char failure[512];
	pthread_t thread;
};

/* Modules whose users must be as many as before */
#define CROWD_NR_MODULES 3

/**
 * struct crowd_scene - All functions, and who owns them
 * @crowd: The functions
 * @access: How they are opened
 * @users: Their users
 * @nr_users: How many
 * @clients: Of all users
 * @devices: The same
 * @nr_groups: IOMMU groups that the kernel has
 * @uses: Users that modules had when nothing was bound
 */
struct crowd_scene {
	struct crowd crowd;
	enum access_mode access;
	struct crowd_user users[CROWD_MAX];
	unsigned int nr_users;
	struct client clients[CROWD_MAX];
	struct crowd_device devices[CROWD_MAX];
	int nr_groups;
	int uses[CROWD_NR_MODULES];
};

extern struct crowd_scene crowd_scene;

/**
 * crowd_scene_begin() - Take all functions of the machine, and find their users
 * @fixture: The fixture, which puts them back
 */
void crowd_scene_begin(struct fixture *fixture);

/**
 * crowd_scene_begin_with_cards() - Take the network cards alone
 * @fixture: The fixture, which puts them back
 *
 * Return: Their only user.
 */
struct crowd_user *crowd_scene_begin_with_cards(struct fixture *fixture);

/**
 * crowd_scene_live() - Let all users live once, at the same time
 *
 * They bind, create, open and start; when all have, they check their devices;
 * when all have, they close, remove and unbind. Fails the test if anything does,
 * or if something is left.
 */
void crowd_scene_live(void);

/**
 * crowd_scene_assert_nothing_is_left() - Fail the test if anything is bound
 */
void crowd_scene_assert_nothing_is_left(void);

/*
 * The steps of a user's life, with all members. Each returns 0 or a -errno, and
 * makes no assertion.
 */
int crowd_user_bind_all(struct crowd_user *user);
int crowd_user_create_all(struct crowd_user *user);
int crowd_user_open_all(struct crowd_user *user);
int crowd_user_start_all(struct crowd_user *user);
int crowd_user_check_all(struct crowd_user *user);
int crowd_user_close_all(struct crowd_user *user);
int crowd_user_remove_all(struct crowd_user *user);
int crowd_user_unbind_all(struct crowd_user *user);

#endif
