"""Appliances between networks: Arbor, ClearPass, F5OS, Procera, Silver Peak.

Sources: F5-OS-SYSTEM-MIB, SILVERPEAK-MGMT-MIB, PACKETLOGIC-SYSTEM-MIB, and sysDescr. What shapes,
filters or admits without forwarding by itself gets no class: there is no honest word for it.
"""

from __future__ import annotations

from collector.products import Product, ProductTable, Weights

PRODUCTS = ProductTable(
    "network_appliance", Weights(vote=75, maker=55, words=55, objects=60),
    Product("9694", "", words=r"^(?P<model>Peakflow \S+) (?P<firmware>\d\S*).*?Serial(?: Number)?: (?P<serial>\w+)"),
    Product("12276", "load balancer", words=r"services version (?P<firmware>\d\S*)"),
    Product("15397", "",
            objects={"model": ".2.40.1.1.1.1.0", "serial": ".2.40.1.1.3.1.0", "firmware": ".2.40.1.1.4.1.0"}),
    Product("23867", "router", objects={"firmware": ".3.1.1.1.1.0", "model": ".3.1.1.1.2.0", "serial": ".3.1.1.1.6.0"}),
    Product("", "", "Aruba", r"^ClearPass Policy Manager (?P<firmware>\d\S*?), Model: (?P<model>[^,]+)"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
