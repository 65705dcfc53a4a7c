// SPDX-License-Identifier: GPL-2.0-only
/*
 * The setting nointxmask: who masks INTx, the function (its Interrupt Disable
 * bit, PCI 2.3) or the interrupt controller, and that vfio-pci's parameter of
 * the same name has no say in it.
 *
 * nic0 and nic1 share an interrupt line. vga2 has no interrupt pin, and as it
 * shares a bus it cannot be reset, so a bit that was set before it is opened
 * may still be set when vfio-pci-core looks at it.
 */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "disguise.h"
#include "e1000.h"
#include "irq.h"
#include "module.h"
#include "region.h"
#include "setting.h"
#include "suite.h"
#include "wait.h"

#define INTX VFIO_PCI_INTX_IRQ_INDEX

/* Intel X710, whose Interrupt Disable bit does not work. */
#define X710 0x1572

/* What a client and the hardware see of INTx. */
struct view {
	unsigned int nr_irqs;
	unsigned int pin;
	bool is_disabled_for_client;
	bool is_disabled;
	int connected;		/* 0 or what connecting it failed with */
	bool is_masked_by_bit;
};

/* A situation in which to look. */
struct scene {
	unsigned int disguise;	/* device id, 0 for its own */
	bool is_disabled_before;
	bool nointxmask;
	bool makes_bit;		/* it is set in the end under vfio-pci */
};

static bool has_disable_bit(const char *address)
{
	return pci_read_config16(address, PCI_COMMAND) &
	       PCI_COMMAND_INTX_DISABLE;
}

static struct client *open_nic(struct fixture *fixture, struct space *space,
			       const char *name)
{
	struct client *client = fixture_open_in(fixture, space, name);

	assert_done(e1000_start(client));
	return client;
}

static struct view look(struct fixture *fixture, const char *address,
			struct client *client)
{
	int event = fixture_event(fixture);
	struct vfio_irq_info info;
	struct view view = {
		.pin = config_read(client, PCI_INTERRUPT_PIN, 1),
		.is_disabled_for_client = config_read(client, PCI_COMMAND, 2) &
					  PCI_COMMAND_INTX_DISABLE,
		.is_disabled = has_disable_bit(address),
	};

	assert_done(irq_query(client, INTX, &info));
	view.nr_irqs = info.count;
	view.connected = irq_connect(client, INTX, 0, &event, 1);
	if (!view.connected)
		assert_done(irq_act(client, INTX, VFIO_IRQ_SET_ACTION_MASK,
				    0, 1));
	view.is_masked_by_bit = has_disable_bit(address);
	return view;
}

/* Look at a function in a scene, bound to a driver that is set up already. */
static struct view look_at(struct fixture *fixture, struct function *function,
			   const struct scene *scene, const char *driver)
{
	bool is_ours = !strcmp(driver, DRIVER_NAME);
	struct space *space;
	struct client *client;
	struct view view;

	assert_done(pci_set_command(function->address, PCI_COMMAND_INTX_DISABLE,
				    scene->is_disabled_before));
	if (scene->disguise)
		disguise_put_on(function->address, scene->disguise);
	assert_done(pci_bind(function->address, driver));
	if (is_ours) {
		assert_done(setting_write(function->address, "nointxmask",
					  scene->nointxmask));
		assert_done(mdev_create(function->address, function->uuid));
	}
	space = fixture_space(fixture, function);
	client = fixture_open_in(fixture, space,
				 is_ours ? function->uuid : function->address);
	view = look(fixture, function->address, client);
	client_close(client);
	space_close(space);
	assert_done(pci_unbind(function->address));
	if (scene->disguise)
		assert_done(disguise_take_off());
	return view;
}

static void assert_same_view(const struct view *ours, const struct view *stock)
{
	assert_int_equal(ours->nr_irqs, stock->nr_irqs);
	assert_int_equal(ours->pin, stock->pin);
	assert_int_equal(ours->is_disabled_for_client,
			 stock->is_disabled_for_client);
	assert_int_equal(ours->is_disabled, stock->is_disabled);
	assert_int_equal(ours->connected, stock->connected);
	assert_int_equal(ours->is_masked_by_bit, stock->is_masked_by_bit);
}

/*
 * In each scene ours is as vfio-pci is with its parameter the same, whatever
 * vfio-pci's parameter is at the time.
 */
static void compare(struct fixture *fixture, const char *id,
		    const struct scene *scenes, unsigned int nr_scenes)
{
	static const char * const parameters[] = {
		"nointxmask=0", "nointxmask=1",
	};
	struct function *function = fixture_take(fixture, id);
	struct view ours[2], stock;
	unsigned int i, k;

	for (i = 0; i < nr_scenes; i++) {
		for (k = 0; k < 2; k++) {
			fixture_reload_stock(fixture, parameters[k]);
			ours[k] = look_at(fixture, function, &scenes[i],
					  DRIVER_NAME);
		}
		fixture_reload_stock(fixture, parameters[scenes[i].nointxmask]);
		stock = look_at(fixture, function, &scenes[i], STOCK_DRIVER_NAME);
		assert_same_view(&ours[0], &stock);
		assert_same_view(&ours[1], &stock);
		/* Else the scenes would not differ in what is looked at. */
		assert_int_equal(stock.is_masked_by_bit ||
				 stock.is_disabled, scenes[i].makes_bit);
	}
}

static void setting_is_as_vfio_pcis_whatever_that_is(struct fixture *fixture)
{
	static const struct scene scenes[] = {
		{ .nointxmask = false, .makes_bit = true },
		{ .nointxmask = true, .makes_bit = false },
	};

	compare(fixture, "nic0", scenes, ARRAY_SIZE(scenes));
}

static void broken_mask_bit_is_treated_as_vfio_pci_does(
	struct fixture *fixture)
{
	static const struct scene scenes[] = {
		{ .disguise = X710, .nointxmask = false, .makes_bit = true },
		{ .disguise = X710, .nointxmask = true, .makes_bit = false },
	};

	compare(fixture, "nic0", scenes, ARRAY_SIZE(scenes));
}

/*
 * Without an interrupt pin, pci_enable_device() leaves a bit alone that was set
 * before; so does vfio-pci, if it is not to mask.
 */
static void function_without_a_pin_keeps_its_bit(struct fixture *fixture)
{
	static const struct scene scenes[] = {
		{ .is_disabled_before = true, .nointxmask = false,
		  .makes_bit = false },
		{ .is_disabled_before = true, .nointxmask = true,
		  .makes_bit = true },
		{ .is_disabled_before = false, .nointxmask = true,
		  .makes_bit = false },
	};

	compare(fixture, "vga2", scenes, ARRAY_SIZE(scenes));
}

static void wrapped_functions_leave_vfio_pcis_parameter_alone(
	struct fixture *fixture)
{
	struct scene scene = { .nointxmask = true };
	struct function *nic = fixture_take(fixture, "nic0");

	fixture_reload_stock(fixture, NULL);
	assert_false(look_at(fixture, nic, &scene,
			     DRIVER_NAME).is_masked_by_bit);
	assert_true(look_at(fixture, nic, &scene,
			    STOCK_DRIVER_NAME).is_masked_by_bit);
}

/* A line that stays high must interrupt once, whoever masks it. */
static void assert_masked_until_unmasked(struct client *client, int event)
{
	e1000_raise(client);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	assert_int_equal(event_wait(event, IRQ_SILENCE_MS), 0);
	assert_done(irq_act(client, INTX, VFIO_IRQ_SET_ACTION_UNMASK, 0, 1));
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	assert_int_equal(e1000_acknowledge(client) & E1000_CAUSE_LINK,
			 E1000_CAUSE_LINK);
	assert_done(irq_act(client, INTX, VFIO_IRQ_SET_ACTION_UNMASK, 0, 1));
	assert_int_equal(event_wait(event, IRQ_SILENCE_MS), 0);
}

static void interrupts_arrive_whoever_masks_them(struct fixture *fixture)
{
	struct function *nic = fixture_create(fixture, "nic0");
	struct space *space = fixture_space(fixture, nic);
	int event = fixture_event(fixture);
	unsigned int value;

	for (value = 0; value < 2; value++) {
		struct client *client;

		assert_done(setting_write(nic->address, "nointxmask", value));
		client = open_nic(fixture, space, nic->uuid);
		assert_done(irq_connect(client, INTX, 0, &event, 1));
		assert_masked_until_unmasked(client, event);
		client_close(client);
	}
}

static void functions_that_mask_share_a_line(struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "nic0");
	struct function *other = fixture_create(fixture, "nic1");
	struct space *space = fixture_space(fixture, one);
	struct client *clients[2];
	int events[2];
	unsigned int i;

	clients[0] = open_nic(fixture, space, one->uuid);
	clients[1] = open_nic(fixture, space, other->uuid);
	for (i = 0; i < 2; i++) {
		events[i] = fixture_event(fixture);
		assert_done(irq_connect(clients[i], INTX, 0, &events[i], 1));
	}
	assert_int_equal(pci_read_id(one->address, "irq"),
			 pci_read_id(other->address, "irq"));
	for (i = 0; i < 2; i++) {
		assert_masked_until_unmasked(clients[i], events[i]);
		assert_int_equal(event_wait(events[!i], IRQ_SILENCE_MS), 0);
	}
}

static void function_that_does_not_mask_needs_its_own_line(
	struct fixture *fixture)
{
	struct function *one = fixture_create(fixture, "nic0");
	struct function *other = fixture_create(fixture, "nic1");
	struct space *space = fixture_space(fixture, one);
	int event = fixture_event(fixture);
	struct client *exclusive;
	struct client *sharing;

	assert_done(setting_write(one->address, "nointxmask", true));
	exclusive = open_nic(fixture, space, one->uuid);
	sharing = open_nic(fixture, space, other->uuid);

	assert_done(irq_connect(sharing, INTX, 0, &event, 1));
	assert_refused(irq_connect(exclusive, INTX, 0, &event, 1), EBUSY);
	assert_done(irq_disable(sharing, INTX));
	assert_done(irq_connect(exclusive, INTX, 0, &event, 1));
	assert_refused(irq_connect(sharing, INTX, 0, &event, 1), EBUSY);
	assert_masked_until_unmasked(exclusive, event);
}

static const struct test tests[] = {
	TEST(setting_is_as_vfio_pcis_whatever_that_is),
	TEST(broken_mask_bit_is_treated_as_vfio_pci_does),
	TEST(function_without_a_pin_keeps_its_bit),
	TEST(wrapped_functions_leave_vfio_pcis_parameter_alone),
	TEST(interrupts_arrive_whoever_masks_them),
	TEST(functions_that_mask_share_a_line),
	TEST(function_that_does_not_mask_needs_its_own_line),
};

SUITE("intx_mask", tests)
