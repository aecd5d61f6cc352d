"""Firewalls and VPN gateways of makers that tell themselves in sysDescr: one row for each maker, no MIB of their own.

ScreenOS (Juniper, NetScreen), Hillstone, FireBrick, Forcepoint and Stonesoft, Clavister, VyOS and Vyatta, Pulse Secure
and Ivanti, Halon, Smoothwall, Endian, Untangle, Kerio, Check Point IPSO, Symantec, Cisco's VPN concentrators.
"""

from __future__ import annotations

from collector.products import Product, ProductTable, Weights

PRODUCTS = ProductTable(
    "firewall", Weights(vote=100, maker=45, words=60, objects=70),
    Product("3224", "firewall", "Juniper", r"^(?P<model>\S+) version (?P<firmware>\S+) \(SN: (?P<serial>\w+), Firewall",
            anywhere=True),
    Product("28557", "firewall", "Hillstone", r"^Hillstone .*?(?P<model>SG-\S+|[A-Z]\d{3,}\S*|CloudEdge\S*)",
            texts={".2.2.1.2.0": r"Version (?P<firmware>\d.*?)( \d{4}/|$)"}),
    Product("24693", "firewall", "FireBrick", r"^(?P<model>FB\d{3,4}\w*) .*\((?P<firmware>V[\d.]+\w*)"),
    Product("1369", "firewall", "Forcepoint", r"^(?P<model>(Forcepoint|Stonesoft|McAfee)[\w ]*NGFW\b[\w ]*)",
            {"model": ".6.1.1.9.0", "serial": ".6.1.1.11.0"},
            texts={".5.2.1.1.0": r"version (?P<firmware>\d[\d.]*)"}),
    Product("5089", "firewall", "Clavister",
            r"^Clavister (?P<model>(?!cOS)[\w -]*?)?,? ?(cOS Core )?(?P<firmware>\d+(\.\d+)+\S*)?", anywhere=True),
    Product("44641", "firewall", "VyOS", r"^(Vyatta )?VyOS (?P<firmware>\S+)", anywhere=True),
    Product("30803", "firewall", "Vyatta", r"^Vyatta (VyOS )?(?P<firmware>\S+)", anywhere=True),
    Product("12532", "firewall", "Pulse Secure",
            r"^(Juniper Networks|Pulse Secure|Ivanti)[^,]*,\s?(Inc|LLC)?,(?P<model>[^(]+?),"
            r"(?P<firmware>[\dR.]+) \(build"),
    Product("33234", "firewall", "Halon", r"^Halon (?P<firmware>\d[\d.]*\S*)", anywhere=True),
    Product("", "firewall", "Smoothwall", r"^(Linux \S+ \S*|.*)smoothwall", sign="smoothwall"),
    Product("17950", "firewall", "Endian", r"\bEndian (?P<model>[\w -]+)", anywhere=True, sign="endian"),
    Product("30054", "firewall", "Untangle", r"^(?:.*\b)?Untangle\b", anywhere=True, sign="untangle"),
    Product("10311", "firewall", "Kerio", r"^Kerio (?P<model>Control[\w ]*?) (?P<firmware>\d[\d.]*)", anywhere=True),
    Product("94.1.21", "firewall", "Check Point", r"^(?P<model>IP\d+) rev \w+, IPSO \S+ (?P<firmware>\d\S+)|^IPSO \S+ ",
            anywhere=True),
    Product("", "firewall", "Symantec", r"^Symantec (?P<model>Gateway Security \w+)"),
    Product("", "firewall", "Cisco",
            r"^Cisco Systems, Inc\./(?P<model>VPN 3\d+ Concentrator).*?Version (?P<firmware>[\w.]+?)\.Rel"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
