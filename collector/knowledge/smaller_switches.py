"""Switches and access points of smaller makers.

Product families: BDCOM, Datacom, DCN, Edimax, Eltex, EnGenius, FiberHome, FS, Fujitsu blades, Grandstream, IP
Infusion, Netonix, Phybridge, Pica8, PLANET, QTECH, Quanta, Raisecom, Smartbyte, SNR, Supermicro, Telco Systems,
TRENDnet, Waystream. Sources: the maker's objects for model, serial and version, else sysDescr. Many of them are built
on the software of three houses (Radlan, Digital China, BDCOM), whose forms of sysDescr repeat here. ENTITY-MIB is
read in `entity`.
"""

from __future__ import annotations

from collector.products import LINUX, Product, ProductTable, Weights

#: Digital China and its licensees: `QSW-3450-28T-AC Device, Compiled … SoftWare Version 7.0.3.5(R0237.0034) …`
DEVICE = (
    r"^(?P<model>\S+) Device, Compiled(?:.*?SoftWare Version (?:[A-Z][\w-]*_)?(?P<firmware>\d[\w.]*(?:\([\w.]+\))?))?"
    r"(?:.*?(?:Serial No\.:|serial number )\s*(?P<serial>\w+))?"
)
#: BDCOM and its licensees: `S3400-48T4SP Series Software, Version 120538, …`
SERIES = r"(?:^|\s)(?:\w+\(tm\) )?(?P<model>\w+[-\w]*) (?:Series )?Software, Version (?P<firmware>[\w.]+)"
#: Radlan's licensees: `MES2324FB AC 28-port 1G/10G Managed Switch`
PORTS = r"^(?P<model>[A-Z]{2,5}\d{3,4}[\w-]*(?: rev\.\w+)?)\b"
PRODUCTS = ProductTable(
    "smaller_switch", Weights(vote=80, maker=60, words=58, objects=60),
    Product("211.1.127", "switch"),
    Product("738", "switch", words=r"^Switch software version (?P<firmware>\d\S*)"),
    Product("1038", "router", words=r"^SAGEM (?P<model>\S+)"),
    Product("7244", "switch"),
    Product("3320", "switch", words=SERIES, objects={"serial": ".3.6.10.1.4.0", "firmware": ".3.6.10.1.6.0"}),
    Product("52642.1", "switch", words=SERIES,
            objects={"serial": "52642.3.6.10.1.4.0", "firmware": "52642.3.6.10.1.6.0"}),
    Product("52642.1.99", "switch", words=r"\((?P<model>S\d[\w -]+)\)",
            objects={"firmware": "52642.1.1.3.5.0", "serial": "52642.1.37.1.5.1.10.1.1"}),
    Product("3709", "switch", words=r"^(?P<model>DM\d+) .*\(DmOS version (?P<firmware>[\w.-]+)\)"),
    Product("3807", "switch", words=r"^(?P<model>\S+) FHN", objects={"firmware": ".1.8012.2.1.4.0"}),
    Product("3822", "switch"),
    Product("6339", "switch", words=DEVICE, objects={"hardware": ".100.1.2.0", "firmware": ".100.1.3.0"}),
    Product("8886", "switch", objects={"firmware": ".6.1.1.1.1.0", "model": ".6.1.1.1.2.0", "serial": ".6.1.1.1.14.0"}),
    Product("9303", "switch", words=r"^(?P<model>\S+), iBOS Version (?P<firmware>\S+)"),
    Product("10456", "switch", words=DEVICE),
    Product("13464", "switch",
            objects={"firmware": ".1.2.1.1.2.2.0", "model": ".1.2.1.1.2.15.0", "serial": ".1.2.1.1.2.19.0"}),
    Product("14125", "access point"),
    Product("27514", "switch", words=DEVICE, objects={"firmware": ".100.1.3.0"}),
    Product("28866", "switch", words=r"^(?:TRENDnet )?(?P<model>T[A-Z]\w?\d?-\w+)"),
    Product("35098", "switch", words=r"PicOS for (?P<model>\S+)", objects={"serial": ".1.16.0"}),
    Product("35265", "switch", words=PORTS),
    Product("36673", "switch", words=r"^Hardware Model:(?P<model>[^,]+), Software version: OcNOS,(?P<firmware>\d\S*)",
            objects={"serial": ".100.1.2.1.1.3.1"}),
    Product("40418.7", "switch", words=DEVICE, objects={"hardware": ".100.1.2.0", "firmware": ".100.1.3.0"}),
    Product("40418.2", "sensor", words=r"^(?P<model>SNR-ERD\S*); SW: (?P<firmware>\d\S*)"),
    Product("42397", "switch", words=r"^(?P<model>G\w{2}\d{4}\w*)$"),
    Product("44194", "switch", words=r"^EnGenius (?P<model>\S+)"),
    Product("46242", "switch", words=r"^Netonix (?P<model>\S+)", objects={"firmware": ".1.0"}),
    Product("54743", "switch", words=r"^(?P<model>FLEX-?\w*)"),
    Product("56166", "switch", words=r"^Product (?P<model>\S+)(?: V\S+)? Version (?P<firmware>\S+)"),
    Product("42397.1.1.2", "access point", "Grandstream", objects={"model": ".1.0", "firmware": ".4.0"}, vote=115,
            behind=(LINUX, "42397")),  # GWN
    Product("4413", objects={"serial": "12919.12.1.0"}),  # Inteno
    # switches without a number of their own
    Product("", "switch", "Supermicro", r"^SuperSwitch (?P<model>\S+) Firmware revision: (?P<firmware>\S+)"),
    Product("", "switch", "Supermicro", r"^(?P<model>(?:SBM|MBM|SSE)-[\w-]+)?(?:Supermicro Switch|SBM-|SSE-|MBM-)"),
    Product("", "switch", "Phybridge", r"^Phybridge (?P<model>\S+(?: \d+)?) Switch (?P<firmware>\d\S*)"),
    Product("", "switch", "Perle", r"^Perle MCR"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
