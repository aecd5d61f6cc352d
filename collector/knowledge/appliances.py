"""Other servers in a box: DNS and DHCP (Infoblox, EfficientIP), web filters and proxies, sandboxes, backup, key stores.

Named by number or description, with model, serial and version where a maker's scalar tells them. They count as servers
unless they stand in the way of traffic, which makes a firewall.
"""

from __future__ import annotations

from collector.products import Product, ProductTable, Weights

PRODUCTS = ProductTable(
    "appliance", Weights(vote=90, maker=45, words=55, objects=70),
    Product("7779", "server", "Infoblox",
            objects={"model": ".3.1.1.2.1.4.0", "serial": ".3.1.1.2.1.6.0", "firmware": ".3.1.1.2.1.7.0"}),
    Product("2440", "server", "EfficientIP", r"^EfficientIP",
            {"model": ".1.14.1.1.0", "serial": ".1.14.1.2.0", "firmware": ".1.17.1.2.0"}, anywhere=True),
    Product("25597", "firewall", "FireEye",
            objects={"model": ".11.1.1.2.0", "serial": ".11.1.1.4.0", "firmware": ".11.5.1.2.0"}),
    Product("8962", "firewall", "McAfee", objects={"model": ".2.1.2.1.1.4.0", "serial": ".2.1.2.1.1.5.0"}),
    Product("3417", "server", "Blue Coat",
            r"^Blue Coat (?P<model>\w+) Series.*?Version: (?:SGOS )?(?P<firmware>[\d.]+)", anywhere=True),
    Product("15497", "server", "Cisco", r"^AsyncOS.*?(?P<model>[CMSX]\d{3}\w*)"
            r"|Cisco IronPort Model (?P<hardware>[\w-]+), AsyncOS Version: (?P<firmware>[\d.-]+)", anywhere=True,
            sign="asyncos"),
    Product("3382", "server", "Venturi", r"^Venturi Server (?P<model>\w+) (?P<firmware>\d[\d.]+)", anywhere=True),
    Product("22408", "server", "PrimeKey"),
    Product("", "server", "Powercode", r"^(?P<model>Powercode BMU)$"),
    Product("", "server", "Lightspeed", r"^LightSpeed|^Lightspeed"),
    Product("", "server", "VMware", r"^vSphere Management Assistant (?P<firmware>[\d.]+)"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
