# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
#
# By how many percent a ratio to vfio-pci may rise before `make check` measures in
# a second boot, and fails if it rises there as well: docs/performance.md. What does
# not sleep takes the same instructions each time in most boots, but another build
# may move code about; what binds and creates differs from boot to boot, with what
# the kernel has in its caches.

margin=1
margin_to_bind=3
