// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offers an mdev type on each function that is bound to vfio-pci from now on,
 * whose mdevs do nothing. So binding and creating takes what vfio-pci and the mdev
 * core take, and next to nothing else: less is not possible for a driver with
 * mdevs. Such an mdev is of no use.
 */

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#define STOCK_DRIVER_NAME "vfio-pci"

static int empty_probe(struct mdev_device *mdev)
{
	return 0;
}

static void empty_remove(struct mdev_device *mdev)
{
}

static struct mdev_driver empty_driver = {
	.device_api = "empty",
	.max_instances = 1,
	.probe = empty_probe,
	.remove = empty_remove,
	.driver = {
		.name = KBUILD_MODNAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.suppress_bind_attrs = true,
	},
};

/*
 * A type, and its parent. Nobody here walks the list of devices, so when the
 * parent is unregistered nobody has its mdevs any more.
 */
struct offer {
	struct mdev_parent parent;
	struct mdev_type type;
	struct mdev_type *only;
};

/* One at a time; NULL if there is none. */
static struct offer *offer;
static DEFINE_MUTEX(offer_lock);

static struct offer *new_offer(struct device *dev)
{
	struct offer *new = kzalloc(sizeof(*new), GFP_KERNEL);
	int ret;

	if (!new)
		return NULL;

	new->type.sysfs_name = "empty";
	new->type.pretty_name = "an mdev that does nothing";
	new->only = &new->type;
	ret = mdev_register_parent(&new->parent, dev, &empty_driver, &new->only,
				   1);
	if (ret) {
		dev_err(dev, "cannot have empty mdevs: %pe\n", ERR_PTR(ret));
		kfree(new);
		return NULL;
	}

	return new;
}

static void offer_type(struct device *dev)
{
	if (!dev->driver || strcmp(dev->driver->name, STOCK_DRIVER_NAME))
		return;

	mutex_lock(&offer_lock);
	if (!offer)
		offer = new_offer(dev);
	mutex_unlock(&offer_lock);
}

/* Of a device, or if that is NULL of any. */
static void withdraw_type(struct device *dev)
{
	mutex_lock(&offer_lock);
	if (offer && (!dev || offer->parent.dev == dev)) {
		mdev_unregister_parent(&offer->parent);
		kfree(offer);
		offer = NULL;
	}
	mutex_unlock(&offer_lock);
}

/* With the device's lock held, as a driver's probe and remove are called */
static int on_pci_event(struct notifier_block *block, unsigned long event,
			void *dev)
{
	if (event == BUS_NOTIFY_BOUND_DRIVER)
		offer_type(dev);
	else if (event == BUS_NOTIFY_UNBIND_DRIVER)
		withdraw_type(dev);

	return NOTIFY_DONE;
}

static struct notifier_block pci_events = {
	.notifier_call = on_pci_event,
};

static int __init empty_mdev_init(void)
{
	int ret = mdev_register_driver(&empty_driver);

	if (ret)
		return ret;

	ret = bus_register_notifier(&pci_bus_type, &pci_events);
	if (ret)
		mdev_unregister_driver(&empty_driver);
	return ret;
}
module_init(empty_mdev_init);

static void __exit empty_mdev_exit(void)
{
	bus_unregister_notifier(&pci_bus_type, &pci_events);
	withdraw_type(NULL);
	mdev_unregister_driver(&empty_driver);
}
module_exit(empty_mdev_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Offers mdevs that do nothing, to measure what an mdev takes");
