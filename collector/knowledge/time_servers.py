"""Time servers: Meinberg, Microchip (Symmetricom, Microsemi), EndRun, Oscilloquartz, TimeMachines, Spectracom, Galleon.

Model, serial and version where a scalar or the description tells them; satellites and clients are not read.
"""

from __future__ import annotations

from collector.products import LINUX, ONLY_ASKED, Product, ProductTable, Weights

#: `Tempus LX CDMA 6010-0042-000 v 5.70 …`: product, part number and version in one sentence
ENDRUN = r"^(?P<model>.+?\d{4}-\d{4}-\d{3})\W+v\W?(?P<firmware>\d[\d.]+)"
PRODUCTS = ProductTable(
    "time_server", Weights(vote=110, maker=55, words=55, objects=70),
    Product("5597", "time server", "Meinberg",
            r"Meinberg (?P<model>(?:LANTIME|microSync)(?: (?!V\d)[\w/-]+)?)(?: V(?P<firmware>\d[\d.]+))?",
            {"firmware": ".30.0.0.2.0", "serial": ".30.0.0.4.0"}, anywhere=True, sign="meinberg"),
    Product("9070", "time server", "Microchip",
            r"^Linux SyncServer\b|^(?P<model>SyncServer \S+|TimeProvider \S+|NTS-\d+|XLi\b.*)",
            {"firmware": ".1.2.3.1.5.1.6.1.0", "serial": ".1.2.3.1.5.1.6.2.0", "model": ".1.2.3.1.5.1.6.3.0"},
            anywhere=True),
    Product("13827", "time server", "EndRun", texts={".5.0.11.0": ENDRUN, ".12.1.16.0": ENDRUN}, behind=(LINUX,)),
    Product("5551", "time server", "Oscilloquartz", r"^(?P<model>OSA \w+)", anywhere=True),
    Product("54414", "time server", "TimeMachines", objects={ONLY_ASKED: ".1.1.1.0"}, behind=(LINUX,)),
    Product("18837", "time server", "Spectracom", r"^(?P<model>(?:Spectracom )?(?:SecureSync|NetClock)[\w ]*)",
            anywhere=True),
    Product("", "time server", "Galleon", r"^(?P<model>NTS-\d{3,4}\w*)\b.*Galleon|Galleon.*(?P<line>NTS-\d+)",
            sign="galleon"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
