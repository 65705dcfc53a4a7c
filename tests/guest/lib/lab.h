/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine the tests run in: where its devices are, and its monitor.
 * The lab itself is in lab/ of the project.
 */
#ifndef LIB_LAB_H
#define LIB_LAB_H

#include <stddef.h>

/**
 * lab_address() - The PCI address of a device of the machine
 * @address: PCI_ADDRESS_SIZE bytes
 * @id: The device's id in the machine file
 *
 * Return: 0, or -ENODEV if this machine has no such device.
 */
int lab_address(char *address, const char *id);

/**
 * lab_monitor() - Give the machine's monitor a command
 * @command: A QMP command, one line of JSON
 * @reply: Where the reply's line goes
 * @size: Bytes at @reply
 *
 * Return: 0, -ENODEV if the machine has no control port, -ETIMEDOUT if no
 * reply came, -EIO if the reply is an error.
 */
int lab_monitor(const char *command, char *reply, size_t size);

/**
 * lab_unplug() - Ask the machine to unplug a device; it takes its time
 * @id: The device's id
 *
 * Return: As lab_monitor().
 */
int lab_unplug(const char *id);

/**
 * lab_plug() - Plug a device into a port of the machine
 * @id: The device's id
 * @model: QEMU's name of the model
 * @bus: The port's id
 *
 * Return: As lab_monitor().
 */
int lab_plug(const char *id, const char *model, const char *bus);

/**
 * lab_inject_error() - Have a device of the machine report a PCI Express error
 * @id: The device's id
 * @error: QEMU's name of the error, as in PCI Express: "COMP_TIME", "DLP"
 *
 * The device itself decides by its severities whether it is fatal.
 *
 * Return: As lab_monitor(), or -EINVAL if the monitor does not know the error.
 */
int lab_inject_error(const char *id, const char *error);

#endif
