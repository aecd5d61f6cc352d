"""Optical transport and line equipment: multiplexers, amplifiers, monitors, taps, and Ethernet over them.

Product families: Accedian, ADVA, BTI, Ciena, Cube Optics, Deltanet, Gigamon, Infinera, MRV, Nokia 1830, PacketLight,
Pan Dacom, Smartoptics, Solid Optics, Teleste, WISI, XKL. Rare in schools, common where a trust shares a site with a
network operator. Levels and wavelengths are not read.
"""

from __future__ import annotations

from collector.products import Product, ProductTable, Weights

WHOLE = r"^(?P<model>\w+[-/]?\d[\w /()-]{1,38})$"
PRODUCTS = ProductTable(
    "optical_transport", Weights(vote=75, maker=60, words=58, objects=60),
    Product("562.68", "media converter", words=r"^(?P<model>6500 .*?) SW:(?P<firmware>\d+)"),
    Product("629", "switch", words=r"^(?P<model>.*?OptiSwitch.*?) Ver\. (?P<firmware>.+)$",
            objects={"serial": ".1.50.16.4.3.2.0"}),
    Product("1271", "switch", words=WHOLE),
    Product("1271.1.2", "switch", words=WHOLE,
            objects={"firmware": "1271.30.2.1.13.0"}),
    Product("2544.1.11", "media converter"),
    Product("2544.1.12", "switch", words=r"^(?P<model>FSP ?150\S*(?: \(\w\))?)"),
    Product("2544.1.14", "media converter",
            objects={"firmware": ".2.1.2.0", "serial": ".2.1.5.0", "model": ".2.1.9.0"}),
    Product("2544.1.20", "switch"),
    Product("3652", "media converter"),
    Product("3715.17", "media converter", words=r"^Teleste (?P<model>Luminato(?: \dX\d)?)",
            objects={"serial": ".1.10.0", "firmware": ".1.13.0"}),
    Product("4467", "switch", words=r"^(?P<model>\w*Falcon\S*?)(?:, firmware (?P<firmware>\d\S*))?$"),
    Product("4515", "media converter", words=WHOLE,
            objects={"firmware": ".1.3.6.1.1.1.5.0", "serial": ".1.3.6.1.1.1.7.0"}),
    Product("6141", "switch",
            objects={"serial": "1271.2.1.5.1.1.4.0", "model": "1271.2.1.5.1.1.3.0",
                     "firmware": "1271.2.1.2.1.2.4.2.1.2.1.1.1"}),
    Product("7465", "media converter", objects={"model": ".20.2.9.1.2.1.3.1.2.7", "firmware": ".20.2.9.1.2.1.3.1.4.7"}),
    Product("7483", "media converter",
            objects={"firmware": ".2.1.5.2.1.1.5.0", "serial": ".2.2.7.2.1.3.1.8.1.1",
                     "model": ".2.2.7.2.1.3.1.3.1.1"}),
    Product("17409", "media converter",
            objects={"model": ".1.3.3.2.2.1.4.1", "serial": ".1.3.3.2.2.1.5.1", "firmware": ".1.3.3.2.2.1.6.1"}),
    Product("21150", "media converter", objects={"firmware": ".1.1.1.0"}),
    Product("21296", "media converter"),
    Product("22420", "switch", words=WHOLE),
    Product("26866", "switch", words=r"^Gigamon (?P<model>GigaVUE-\S+) v(?P<firmware>\d\S*)",
            objects={"model": ".2.2.0", "serial": ".2.4.0", "firmware": ".2.6.0"}),
    Product("27894", "media converter", objects={"serial": ".11.241.1.1.1.1.2.0", "firmware": ".11.241.1.1.1.1.5.0"}),
    Product("30005", "switch", words=r", (?P<model>SA-\w+), Version (?P<firmware>\S+)",
            objects={"serial": ".1.7.100.1.1.1.1.1.1.8.1", "firmware": ".1.7.100.1.2.1.1.1.5.0"}),
    Product("30826", "media converter", words=r"^Smartoptics, (?P<model>\S+)"),
    Product("35616", "media converter", words=r"^(?P<model>Lambdatrail-\S+)",
            objects={"model": ".5.1.2.0", "serial": ".5.1.5.0"},
            texts={".5.1.10.0": r"^(?P<firmware>\d[\w.]*)"}),
    Product("51628", "media converter"),
    Product("", "media converter", words=r"^(LambdaDriver|Cisco ONS)\b"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
