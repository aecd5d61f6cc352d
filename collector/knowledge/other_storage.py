"""Disk arrays, NAS boxes and tape libraries that tell themselves in sysDescr or in a few scalars: one row each.

HPE (MSA, 3PAR, Nimble, MSL, StoreOnce), EMC (Data Domain, Isilon, VNX, LenovoEMC), Pure Storage, ExaGrid, Infortrend,
Areca and its relabels, Huawei OceanStor, Buffalo, ASUSTOR, Thecus, QSAN, Promise, Open-E, Overland, Quantum, IBM and
BDT tape libraries, WD, Drobo.
"""

from __future__ import annotations

from collector.products import Product, ProductTable, Weights

#: hwInfo of the first controller of Areca and its relabels
ARECA = {"model": ".1.2.0", "serial": ".1.3.0", "firmware": ".1.4.0"}
PRODUCTS = ProductTable(
    "storage", Weights(vote=100, maker=55, words=60, objects=70),
    Product("11.2.51", "storage", "HPE", r"^(?P<model>HPE? MSA .+)", {"serial": "232.2.2.2.1.0"},
            texts={"232.2.2.4.2.0": r'^"?(?P<model>[^"]+)'}, anywhere=True),
    Product("", "storage", "HPE", r"^HPE? StorageWorks (?P<model>(?:MSA|P2000|MSL|VLS|mpx)\s?\w*(?: \S+)*)"),
    Product("", "storage", "HPE", r"^HPE? Tape Library\b"),
    Product("11.10.2.1.3.25", "storage", "HPE", r"^(?P<model>HPE? (StoreEver )?MSL.*)", anywhere=True),
    Product("", "storage", "HPE", r"^(?P<model>HPE? StorageWorks D2D[\w ]*?System) (?P<serial>\w+)"),
    Product("12925", "storage", "HPE", r"^HPE?_3PAR (?P<model>[^,]+),.*?Serial number: (?P<serial>\w+),"
            r".*?OS version: (?P<firmware>[\d.]+(?: \(MU\d+\))?)", anywhere=True),
    Product("37447", "storage", "HPE"),
    Product("19746", "storage", "Dell", r"^Data Domain OS (?P<firmware>\d\S*)",
            {"serial": ".1.13.1.1.0", "model": ".1.13.1.4.0"}, anywhere=True),
    Product("12124", "nas", "Dell", r"^(?P<os__name>Isilon OneFS|OneFS)\b", anywhere=True),
    Product("1981", "storage", "EMC", r"^(?P<model>(CX|VNX|Unity|CLARiiON)\S*)(.*?Flare (?P<firmware>\d\S*))?"),
    Product("", "storage", "EMC", r"^(?P<model>(CX|VNX|CLARiiON)\S*) - Flare (?P<firmware>\d\S*)"),
    Product("11369", "nas", "EMC", r"^(?P<model>EMC SOHO-NAS Storage|Iomega .+|LenovoEMC .+)\.?$", anywhere=True),
    Product("40482", "storage", "Pure Storage", r"^Pure Storage (?P<model>[\w/-]+), (?P<firmware>Purity\S* \d\S*)",
            anywhere=True),
    Product("14941", "storage", "ExaGrid", r"^ExaGrid (?P<model>\S+?), (?P<firmware>\d\S+)", anywhere=True),
    Product("1714", "storage", "Infortrend", r"^Infortrend",
            {"model": ".1.1.1.1.13.0", "serial": ".1.1.1.1.10.0", "firmware": ".1.1.1.1.2.0"}, anywhere=True),
    Product("18928.1.2", "storage", "Areca", objects=ARECA),
    Product("14752.1.3", "storage", "Proware", objects=ARECA),
    Product("2011.2.91", "storage", "Huawei", r"^ISM SNMP Agent",
            {"serial": "34774.4.1.1.1.0", "firmware": "34774.4.1.1.6.0"}),
    Product("34774", "storage", "Huawei", objects={"serial": ".4.1.1.1.0", "firmware": ".4.1.1.6.0"}),
    Product("5227", "nas", "Buffalo", r"^BUFFALO (?P<model>(Tera|Link)Station \S+) Ver\.(?P<firmware>\d[\w.]*)",
            anywhere=True),
    Product("", "storage", "Open-E", r"^(?P<model>Open-E\b.*)"),
    Product("", "nas", "Western Digital", r"^(?P<model>My(?: ?Book| ?Cloud)[\w ]*|WD[\w ]*Sentinel[\w ]*)"),
    Product("", "nas", "Drobo", r"^Drobo\b"),
    Product("44738", "nas", "ASUSTOR", r"^Linux (?P<model>AS\d{4}\w*)"),
    Product("38243", "nas", "Thecus", r"^Linux (?P<model>N\d{4}\w*)"),
    Product("22274", "storage", "QSAN", r"^QSAN (?P<model>\S+)"),
    Product("7933", "storage", "Promise", r"^Promise (?P<model>V\w+ \w+)"),
    Product("6411", "nas", "Overland", r"^Snap ?(Server|OS)", anywhere=True),
    Product("", "storage", "Overland", r"^Overland Agent|^(?P<model>NEO[ s]?\d\S*)"),
    Product("3764", "storage", "Quantum",
            objects={"model": ".1.1.10.3.0", "firmware": ".1.1.10.7.0", "serial": ".1.1.10.10.0"}),
    Product("14851", "storage", "IBM", r"^(?P<model>IBM .*Tape Library|3\d{3} Tape Library)",
            {"model": ".3.1.4.2.0", "serial": ".3.1.3.2.0", "firmware": ".3.1.3.4.0"}),
    Product("20884", "storage", "BDT", r"^(?P<model>BDT \S+ \S+)", {"serial": ".10893.2.101.4.1.0"}),
    Product("", "storage", "Dell", r"^(?P<model>DELL PowerVault 1\d\d?T)"),
    Product("", "storage", "Oracle", r"^Sun (?P<model>StorEdge \d+|StorageTek \S+)"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
