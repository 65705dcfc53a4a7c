// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that are lent and taken back together.
 */
#include "fleet.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "module.h"

/* So many threads need not have much of a stack. */
#define STACK_BYTES (64 * 1024)

static const char *driver_of(enum fleet_way way)
{
	return way == FLEET_STOCK ? STOCK_DRIVER_NAME : DRIVER_NAME;
}

static int open_driver_file(enum fleet_way way, const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), PCI_DRIVERS "/%s/%s", driver_of(way), name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_that(fd >= 0, "there is no %s", path);
	return fd;
}

static void add_ship(struct fleet *fleet, unsigned int index)
{
	const struct function *function = &fleet->crowd.members[index].function;
	struct fleet_ship *ship = &fleet->ships[index];
	char type[96];

	ship->fleet = fleet;
	ship->address = function->address;
	ship->uuid = function->uuid;
	mdev_type_name(type, sizeof(type), ship->address);
	snprintf(ship->create_path, sizeof(ship->create_path),
		 PCI_DEVICES "/%s/mdev_supported_types/%s/create",
		 ship->address, type);
	snprintf(ship->remove_path, sizeof(ship->remove_path),
		 MDEV_DEVICES "/%s/remove", ship->uuid);
	assert_done(pci_override(ship->address, driver_of(fleet->way)));
}

struct fleet *fleet_new(struct fixture *fixture, enum fleet_way way)
{
	struct fleet *fleet = calloc(1, sizeof(*fleet));
	unsigned int i;

	assert_non_null(fleet);
	fleet->way = way;
	crowd_add_vfs(fixture, &fleet->crowd);
	if (way == FLEET_STOCK)
		fixture_load(fixture, STOCK_DRIVER_NAME);
	for (i = 0; i < fleet->crowd.nr_members; i++)
		add_ship(fleet, i);
	fleet->bind_fd = open_driver_file(way, "bind");
	fleet->unbind_fd = open_driver_file(way, "unbind");
	return fleet;
}

void fleet_free(struct fleet *fleet)
{
	close(fleet->bind_fd);
	close(fleet->unbind_fd);
	free(fleet);
}

void fleet_choose(struct fleet *fleet, enum fleet_order order, unsigned int nr)
{
	assert_true(nr <= fleet->crowd.nr_members);
	fleet->order = order;
	fleet->nr_ships = nr;
}

static void write_text(struct fleet_ship *ship, int fd, const char *text,
		       const char *what)
{
	ssize_t size = strlen(text);

	if (ship->failure[0] || write(fd, text, size) == size)
		return;
	snprintf(ship->failure, sizeof(ship->failure), "%s cannot be %s: %s",
		 ship->address, what, strerror(errno));
}

/* Opening the file is part of it: it is new with each bind. */
static void write_to_new_file(struct fleet_ship *ship, const char *path,
			      const char *text, const char *what)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	write_text(ship, fd, text, what);
	if (fd >= 0)
		close(fd);
}

static void *lend_one(void *arg)
{
	struct fleet_ship *ship = arg;

	write_text(ship, ship->fleet->bind_fd, ship->address, "bound");
	if (ship->fleet->way == FLEET_WRAPPED)
		write_to_new_file(ship, ship->create_path, ship->uuid,
				  "given an mdev");
	return NULL;
}

static void *take_back_one(void *arg)
{
	struct fleet_ship *ship = arg;

	if (ship->fleet->way == FLEET_WRAPPED)
		write_to_new_file(ship, ship->remove_path, "1",
				  "without its mdev");
	write_text(ship, ship->fleet->unbind_fd, ship->address, "unbound");
	return NULL;
}

static void start_thread(struct fleet_ship *ship, void *(*call)(void *ship))
{
	pthread_attr_t attributes;
	sigset_t before;
	sigset_t all;

	/* The suite's alarm is for the main thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (pthread_create(&ship->thread, &attributes, call, ship))
		abort();
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void do_with_all(struct fleet *fleet, void *(*call)(void *ship))
{
	unsigned int i;

	if (fleet->order == FLEET_IN_TURN) {
		for (i = 0; i < fleet->nr_ships; i++)
			call(&fleet->ships[i]);
		return;
	}
	for (i = 0; i < fleet->nr_ships; i++)
		start_thread(&fleet->ships[i], call);
	for (i = 0; i < fleet->nr_ships; i++)
		pthread_join(fleet->ships[i].thread, NULL);
}

void fleet_lend(struct fleet *fleet)
{
	do_with_all(fleet, lend_one);
}

void fleet_take_back(struct fleet *fleet)
{
	do_with_all(fleet, take_back_one);
}

void fleet_check(const struct fleet *fleet)
{
	unsigned int i;

	for (i = 0; i < fleet->nr_ships; i++)
		assert_that(!fleet->ships[i].failure[0], "%s",
			    fleet->ships[i].failure);
}
