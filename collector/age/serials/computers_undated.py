"""Computers whose serial numbers carry no date, or none that anybody has told; and virtual ones.

What such a machine tells of its age is in its BIOS date, battery, disks, memory and processor, which are read
elsewhere.
"""

from __future__ import annotations

from collector.age.serials import COMPUTERS, silent

SEARCHED = frozenset({"microsoft", "toshiba", "fujitsu", "supermicro"})
NO_SOURCE = frozenset({
    "dynabook", "google", "gigabyte", "asrock", "intel", "sony", "lg", "nec", "medion", "packard", "gateway",
    "emachines", "viglen", "stone", "rm", "zoostorm", "novatech", "clevo", "wortmann", "terra", "shuttle", "foxconn",
    "ecs", "elitegroup", "biostar", "razer", "framework", "getac", "wyse", "igel", "10zig", "ncomputing", "tyan",
    "quanta", "sun", "oracle", "advantech", "kontron", "aaeon", "zotac", "xiaomi", "honor", "amazon", "positivo", "ctl",
    "lanner",
})  # fmt: skip
#: makers' keys as hypervisors write them into their machines
HYPERVISORS = frozenset({
    "vmware", "microsoft", "qemu", "bochs", "kvm", "red", "xen", "innotek", "oracle", "parallels", "nutanix", "google",
    "amazon", "openstack", "ovirt", "proxmox", "virtualbox", "apple", "citrix", "alibaba", "digitalocean", "hetzner",
})  # fmt: skip

RULES = (
    silent(
        "computers.no_rule_found",
        SEARCHED,
        "no rule is known for its serial numbers",
        source="searched, November 2026: nothing found",
        kinds=COMPUTERS,
    ),
    silent(
        "computers.no_source",
        NO_SOURCE,
        "no rule is known for its serial numbers",
        source="no source known",
        kinds=COMPUTERS,
    ),
    silent(
        "computers.raspberry_pi",
        {"raspberry"},
        "the serial number of its chip: no date",
        source="raspberrypi.com documentation: the number is burnt into the processor",
        kinds=COMPUTERS,
    ),
    silent(
        "computers.virtual",
        HYPERVISORS,
        "a virtual machine: nobody made it",
        source="what the word means",
        kinds=frozenset({"virtual machine"}),
    ),
)
