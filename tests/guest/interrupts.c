// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: real ones of edu (INTx, MSI) and nvme (MSI-X), those that the
 * client raises itself, and the error and request indexes.
 */
#include <errno.h>

#include "aer.h"
#include "check.h"
#include "edu.h"
#include "irq.h"
#include "module.h"
#include "nvme.h"
#include "region.h"
#include "suite.h"
#include "wait.h"

#define INTX VFIO_PCI_INTX_IRQ_INDEX
#define MSI VFIO_PCI_MSI_IRQ_INDEX
#define MSIX VFIO_PCI_MSIX_IRQ_INDEX

#define NVME_IOVA 0x100000

/* Open edu0 with an interrupt index connected to an eventfd. */
static struct client *open_edu(struct fixture *fixture, unsigned int index,
			       int *event)
{
	struct client *client = fixture_new(fixture, "edu0");

	*event = fixture_event(fixture);
	assert_done(edu_start(client));
	assert_done(irq_connect(client, index, 0, event, 1));
	return client;
}

static void assert_silence(int event)
{
	assert_int_equal(event_wait(event, IRQ_SILENCE_MS), 0);
}

static void intx_reaches_its_eventfd(struct fixture *fixture)
{
	int event;
	struct client *client = open_edu(fixture, INTX, &event);

	edu_write(client, EDU_REG_IRQ_RAISE, 0x5a);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	assert_int_equal(edu_read(client, EDU_REG_IRQ_STATUS), 0x5a);
	edu_write(client, EDU_REG_IRQ_ACK, 0x5a);
	assert_int_equal(edu_read(client, EDU_REG_IRQ_STATUS), 0);
}

static void intx_is_masked_until_the_client_unmasks_it(
	struct fixture *fixture)
{
	int event;
	struct client *client = open_edu(fixture, INTX, &event);

	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	/* Not acknowledged: the line is still high, and must not storm. */
	assert_silence(event);
	assert_done(irq_act(client, INTX, VFIO_IRQ_SET_ACTION_UNMASK, 0, 1));
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
	assert_done(irq_act(client, INTX, VFIO_IRQ_SET_ACTION_UNMASK, 0, 1));
	assert_silence(event);
	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
}

static void masked_intx_waits_for_the_unmask(struct fixture *fixture)
{
	int event;
	struct client *client = open_edu(fixture, INTX, &event);

	assert_done(irq_act(client, INTX, VFIO_IRQ_SET_ACTION_MASK, 0, 1));
	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(edu_read(client, EDU_REG_IRQ_STATUS), 1);
	assert_silence(event);
	assert_done(irq_act(client, INTX, VFIO_IRQ_SET_ACTION_UNMASK, 0, 1));
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
}

static void eventfd_unmasks_intx(struct fixture *fixture)
{
	int event;
	struct client *client = open_edu(fixture, INTX, &event);
	int unmask = fixture_event(fixture);

	assert_done(irq_connect_unmask(client, unmask));
	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
	edu_write(client, EDU_REG_IRQ_RAISE, 2);
	assert_silence(event);
	event_signal(unmask);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 2);
}

static void command_register_disables_intx(struct fixture *fixture)
{
	int event;
	struct client *client = open_edu(fixture, INTX, &event);

	assert_done(config_set_command(client, PCI_COMMAND_INTX_DISABLE, 0));
	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_silence(event);
	assert_done(config_set_command(client, 0, PCI_COMMAND_INTX_DISABLE));
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
}

static void msi_reaches_its_eventfd(struct fixture *fixture)
{
	int event;
	struct client *client = open_edu(fixture, MSI, &event);

	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
}

static void finished_computation_interrupts(struct fixture *fixture)
{
	int event;
	struct client *client = open_edu(fixture, MSI, &event);

	edu_write(client, EDU_REG_STATUS, EDU_STATUS_IRQ_WHEN_DONE);
	edu_write(client, EDU_REG_FACTORIAL, 5);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	assert_int_equal(edu_read(client, EDU_REG_IRQ_STATUS),
			 EDU_IRQ_FACTORIAL);
	assert_int_equal(edu_read(client, EDU_REG_FACTORIAL), 120);
	edu_write(client, EDU_REG_IRQ_ACK, EDU_IRQ_FACTORIAL);
	edu_write(client, EDU_REG_STATUS, 0);
}

static void disabled_index_is_silent(struct fixture *fixture)
{
	int event;
	struct client *client = open_edu(fixture, MSI, &event);

	assert_done(irq_disable(client, MSI));
	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_silence(event);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
	/* The function can change over from one index to another. */
	assert_done(irq_connect(client, INTX, 0, &event, 1));
	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
}

/* A client that vanishes with interrupts enabled must not harm the next. */
static void next_client_gets_interrupts_after_the_last(struct fixture *fixture)
{
	struct function *edu = fixture_create(fixture, "edu0");
	struct space *space = fixture_space(fixture, edu);
	struct client *client = fixture_open_in(fixture, space, edu->uuid);
	int event = fixture_event(fixture);

	assert_done(edu_start(client));
	assert_done(irq_connect(client, MSI, 0, &event, 1));
	client_close(client);
	client = fixture_open_in(fixture, space, edu->uuid);
	assert_done(edu_start(client));
	assert_done(irq_connect(client, INTX, 0, &event, 1));
	edu_write(client, EDU_REG_IRQ_RAISE, 1);
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
	edu_write(client, EDU_REG_IRQ_ACK, 1);
}

static void each_msix_vector_reaches_its_own_eventfd(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "nvme0");
	int events[4];
	struct nvme nvme;
	int i;

	for (i = 0; i < 4; i++)
		events[i] = fixture_event(fixture);
	assert_done(irq_connect(client, MSIX, 0, events, 4));
	assert_done(nvme_start(&nvme, client, NVME_IOVA));
	assert_done(nvme_identify(&nvme));
	assert_int_equal(event_wait(events[0], WAIT_LIMIT_MS), 1);
	assert_memory_equal(nvme.data + 4, "vmp-nvme0", 9);

	assert_done(nvme_make_io_queue(&nvme, 3));
	assert_true(event_wait(events[0], WAIT_LIMIT_MS));
	memset(nvme.data, 0xa5, NVME_BLOCK_BYTES);
	assert_done(nvme_transfer(&nvme, true, 7));
	assert_int_equal(event_wait(events[3], WAIT_LIMIT_MS), 1);
	memset(nvme.data, 0, NVME_BLOCK_BYTES);
	assert_done(nvme_transfer(&nvme, false, 7));
	assert_int_equal(event_wait(events[3], WAIT_LIMIT_MS), 1);
	for (i = 0; i < NVME_BLOCK_BYTES; i++)
		assert_int_equal(nvme.data[i], 0xa5);
	/* No other vector took part. */
	assert_int_equal(event_wait(events[1], 0), 0);
	assert_int_equal(event_wait(events[2], 0), 0);
	nvme_stop(&nvme);
}

static void client_can_raise_what_it_connected(struct fixture *fixture)
{
	static const unsigned int indexes[] = {
		INTX, MSI, VFIO_PCI_REQ_IRQ_INDEX,
	};
	struct client *client = fixture_new(fixture, "edu0");
	const uint8_t yes = 1;
	const uint8_t no = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(indexes); i++) {
		int event = fixture_event(fixture);

		assert_done(irq_connect(client, indexes[i], 0, &event, 1));
		assert_done(irq_act(client, indexes[i],
				    VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1));
		assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
		assert_done(irq_act_on_some(client, indexes[i],
					    VFIO_IRQ_SET_ACTION_TRIGGER, 0,
					    &no, 1));
		assert_int_equal(event_wait(event, 0), 0);
		assert_done(irq_act_on_some(client, indexes[i],
					    VFIO_IRQ_SET_ACTION_TRIGGER, 0,
					    &yes, 1));
		assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
		assert_done(irq_disable(client, indexes[i]));
	}
}

static void wrong_interrupt_requests_are_refused(struct fixture *fixture)
{
	struct client *client = fixture_new(fixture, "edu0");
	int event = fixture_event(fixture);
	struct vfio_irq_info info;
	int events[2] = { event, event };

	assert_refused(irq_query(client, client->info.num_irqs, &info),
		       EINVAL);
	assert_done(irq_query(client, MSI, &info));
	assert_int_equal(info.count, 1);
	assert_refused(irq_connect(client, MSI, 0, events, 2), EINVAL);
	assert_refused(irq_connect(client, MSI, 1, events, 1), EINVAL);
	assert_refused(irq_connect(client, MSIX, 0, events, 1), EINVAL);
	/* A mask of MSI exists in no version of vfio-pci. */
	assert_done(irq_connect(client, MSI, 0, events, 1));
	assert_refused(irq_act(client, MSI, VFIO_IRQ_SET_ACTION_MASK, 0, 1),
		       ENOTTY);
}

static void real_error_reaches_the_error_eventfd(struct fixture *fixture)
{
	struct function *card = fixture_create(fixture, "e1000e0");
	struct client *client = fixture_open(fixture, card);
	int event = fixture_event(fixture);

	if (module_load("aer_inject", NULL))
		skip_because("this kernel has no module aer_inject");
	assert_done(irq_connect(client, VFIO_PCI_ERR_IRQ_INDEX, 0, &event,
				1));
	assert_done(aer_inject(card->address, PCI_ERR_UNC_COMP_TIME));
	assert_true(event_wait(event, WAIT_LIMIT_MS));
	/* The function is still its client's. */
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 2), 0x8086);
}

static const struct test tests[] = {
	TEST(intx_reaches_its_eventfd),
	TEST(intx_is_masked_until_the_client_unmasks_it),
	TEST(masked_intx_waits_for_the_unmask),
	TEST(eventfd_unmasks_intx),
	TEST(command_register_disables_intx),
	TEST(msi_reaches_its_eventfd),
	TEST(finished_computation_interrupts),
	TEST(disabled_index_is_silent),
	TEST(next_client_gets_interrupts_after_the_last),
	TEST(each_msix_vector_reaches_its_own_eventfd),
	TEST(client_can_raise_what_it_connected),
	TEST(wrong_interrupt_requests_are_refused),
	TEST(real_error_reaches_the_error_eventfd),
};

SUITE("interrupts", tests)
