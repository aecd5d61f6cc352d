"""Console servers, KVM switches, serial device servers and USB servers of other makers: one row for each product line.

Raritan, Lantronix, Perle, Moxa, Digi, Avocent, WTI, SEH, NTI, Cyclades, MRV, ATEN. A device server with a few serial
ports converts one medium to another and counts as a media converter; one with many ports is a console server.
"""

from __future__ import annotations

from collector.products import Product, ProductTable, Weights

PRODUCTS = ProductTable(
    "console_server", Weights(vote=100, maker=45, words=60, objects=70),
    Product("13742.3", "kvm", "Raritan", r"^(?P<model>D(?:KX|SX|KSX|XKX)\w*-\w+)|^(?P<line>(?:Dominion )?[KS]X[ \w-]*)",
            shared=True),
    Product("13742.5", "console server", "Raritan", r"^(?P<model>DSX\w*-\w+)", shared=True),
    Product("", "kvm", "Raritan",
            r"^Raritan Computer; CommandCenter.*?Version (?P<firmware>[\d.]+); (?P<model>CC-\S+)"),
    Product("1723", "console server", "Lantronix",
            r"^Lantronix (?:Inc\. - )?(?P<model>(?:S[CL][CMS]|SLB|EMG|LM)\w*)\b.*?(?P<firmware>\d[\d.]+\w*)?$",
            anywhere=True, shared=True),
    Product("1723", "media converter", "Lantronix",
            r"^Lantronix (?P<model>(?!EPS|LPS|MPS)\w+[\w /-]*?) (?:Version )?V(?P<firmware>\d[\w./]+)", anywhere=True,
            shared=True),
    Product("1966", "console server", "Perle", r"^(?P<model>(?:SCS|SDS|STS|SCG|SCR)\d+\w*),? (?P<firmware>\d\S*)",
            shared=True),
    Product("1966", "media converter", "Perle", r"^(?:Perle )?(?P<model>MCR-?\w+)", shared=True),
    Product("1966", "console server", "Perle", r"^(?:Perle )?(?P<model>IOLAN \S+)", shared=True),
    Product("", "media converter", "Perle", r"^Perle (?P<model>MCR-?\w+)"),
    Product("8691.2", "media converter", "Moxa", r"^(?:Moxa )?(?P<model>(?:NP|IA|CN|NE|DE|MGate|NPort ?)-?\w+)",
            shared=True),
    Product("332.11", "console server", "Digi",
            r"^(?:Digi )?(?P<model>(?:PortServer|CM|Passport|Digi Connect EZ|ConnectPort LTS)\b[\w ]*?)"
            r"(?: Version (?P<firmware>\S+))?$", shared=True),
    Product("", "router", "Digi",
            r"^Digi (?P<model>TransPort \S+)(?: Ser#: ?(?P<serial>\w+))?"
            r"(?: Software Build (?:Ver)?(?P<firmware>\d[\w.]*\w))?"),
    Product("", "console server", "Digi", r"^(?P<model>ConnectPort TS\b[ \w]*?) Version (?P<firmware>\d+_\w+)"),
    Product("332", "media converter", "Digi",
            r"^(?:Digi )?(?P<model>(?:One|Connect|ConnectPort|AnywhereUSB)[\w /-]*?)"
            r"(?: Ser#: ?(?P<serial>\w+))?(?: (?:Software Build |Version )(?P<firmware>\S+))?(?: .*)?$", shared=True),
    Product("2634", "console server", "WTI", r"^(?P<model>(?:DSM|CPM|RSM|TSM)-\w+)", shared=True),
    Product("2634.1", "console server", behind=("2634",),
            objects={"model": ".200.10.1.2.*", "serial": ".200.10.1.27.*", "firmware": ".200.10.1.28.*"}),
    Product("1229", "", "SEH", r"^SEH (?P<model>[\w-]+);? SN (?P<serial>\w+),.*?SW (?P<firmware>[\d.]+)", anywhere=True,
            shared=True),
    Product("3699", "", "NTI", r"^(?P<model>(?:KVM|UNIMUX|ENVIROMUX|SERIMUX|VEEMUX|RACKMUX)-[\w-]+)", shared=True),
    Product("", "console server", "Avocent", r"^(?P<model>ESP-\d+) MI V(?P<firmware>\S+)"),
    Product("", "console server", "MRV", r"^LX Console Manager, s/w version=(?P<firmware>[\d.]+)"),
    Product("21317.1.1", "kvm", "ATEN", r"^(?:ATEN )?(?P<model>(?:KN|KH|CN|CL|CS)\d{3,4}\w*)", shared=True),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
