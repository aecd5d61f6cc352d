"""Broadcasting and other equipment beside the school's own: serial and version from a scalar or two, no class.

WorldCast Ecreso transmitters, Deva and Inovonics monitors, Terra and Televes headends, Exterity players, Profline
tuners, NetSpire controllers, Embedded Data Systems 1-wire servers, Juniper (Trapeze) wireless controllers by sysDescr.
"""

from __future__ import annotations

from collector.products import LINUX, Product, ProductTable, Weights

PRODUCTS = ProductTable(
    "broadcast", Weights(vote=90, maker=45, words=55, objects=70),
    Product("6404.3.1.2.9", "", "WorldCast", objects={"model": ".1.1.0", "firmware": ".1.6.0", "serial": ".1.8.0"},
            behind=(LINUX,)),
    Product("35833.37", "", "Deva", r"^Model: (?P<model>\w+)", {"firmware": ".1.1.0", "serial": ".1.2.0"}),
    Product("42111.650", "", "Inovonics", objects={"firmware": ".2.2.0"}),
    Product("30631.1.17", "", "Terra", r"(?P<model>\w+)$", {"firmware": ".4.1.0", "serial": ".4.2.0"}),
    Product("30631.1.18", "", "Terra", r"(?P<model>\w+)$", {"firmware": ".4.1.0", "serial": ".4.2.0"}),
    Product("23180.2.1.1.2", "", "Televes", r"^(?P<model>TRedess .+)$", {"serial": ".1.6.2.0"}),
    Product("21222.1.4.1", "", "Profline", objects={"model": ".1.1.0", "serial": ".1.2.0"}),
    Product("1732", "", "Open Access", objects={"model": ".2.1.41.0", "serial": ".2.1.11.0"}),
    Product("31440", "", "Embedded Data Systems", objects={"model": ".1.2.0", "firmware": ".1.4.0"}),
    Product("28194", "", "Exterity", r"\b(?P<model>avr-\w+) \[(?P<firmware>[\d.-]+)\]"),
    Product("14525", "wireless controller", "Juniper", r"(?P<model>(?:WLC|MX)\w+) (?P<firmware>\d[\d.]+) REL"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
