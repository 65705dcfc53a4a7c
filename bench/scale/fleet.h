/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that are lent and taken back together. What that costs is measured
 * by the caller.
 */
#ifndef SCALE_FLEET_H
#define SCALE_FLEET_H

#include <pthread.h>

#include "crowd.h"

/* How a function is lent. */
enum fleet_way {
	FLEET_STOCK,	/* bound to vfio-pci */
	FLEET_WRAPPED,	/* bound to the driver under test, with an mdev */
};

/* In what order. */
enum fleet_order {
	FLEET_IN_TURN,	/* one after the other */
	FLEET_AT_ONCE,	/* by a thread each */
};

struct fleet;

/**
 * struct fleet_ship - A function of the fleet
 * @fleet: The fleet
 * @address: Its PCI address
 * @uuid: The name of its mdev
 * @create_path: The file that creates the mdev
 * @remove_path: The file that removes it
 * @thread: Who lends it, or takes it back
 * @failure: How that failed; empty if it did not
 */
struct fleet_ship {
	struct fleet *fleet;
	const char *address;
	const char *uuid;
	char create_path[256];
	char remove_path[128];
	pthread_t thread;
	char failure[256];
};

/**
 * struct fleet - Functions
 * @crowd: All that the machine has
 * @way: How they are lent
 * @order: In what order
 * @ships: All that the machine has
 * @nr_ships: How many of @ships are lent
 * @bind_fd: The file "bind" of their driver
 * @unbind_fd: Its "unbind"
 */
struct fleet {
	struct crowd crowd;
	enum fleet_way way;
	enum fleet_order order;
	struct fleet_ship ships[CROWD_MAX];
	unsigned int nr_ships;
	int bind_fd;
	int unbind_fd;
};

/**
 * fleet_new() - Take all virtual functions of the machine
 * @fixture: The fixture, which puts them back
 * @way: How they will be lent
 *
 * Return: The fleet.
 */
struct fleet *fleet_new(struct fixture *fixture, enum fleet_way way);

/**
 * fleet_choose() - Say how many are lent, and in what order
 * @fleet: The fleet, none of which is lent
 * @order: The order
 * @nr: How many; fails the test if the machine has not so many
 */
void fleet_choose(struct fleet *fleet, enum fleet_order order, unsigned int nr);

/**
 * fleet_lend() - Bind them, and create their mdevs
 * @fleet: The fleet
 */
void fleet_lend(struct fleet *fleet);

/**
 * fleet_take_back() - Remove their mdevs, and unbind them
 * @fleet: The fleet
 */
void fleet_take_back(struct fleet *fleet);

/**
 * fleet_check() - Fail the test if one could not be lent or taken back
 * @fleet: The fleet
 */
void fleet_check(const struct fleet *fleet);

/**
 * fleet_free() - Free a fleet, none of which is lent
 * @fleet: The fleet
 */
void fleet_free(struct fleet *fleet);

#endif
