"""Radio links between buildings, and masts for outlying sites: point-to-point and point-to-multipoint radios.

Product families: 4RF, ALCOMA, Alvarion, Aviat, Baicells, Ceragon, DragonWave, Exalt, IgniteNet, InfiNet, LigoWave,
Mimosa, NEC iPASOLINK, Proxim, RACOM, RADWIN, SAF, SIAE, Siklu, Tachyon, Trango, Tranzeo, UHP. Cambium and Ubiquiti
have files of their own; what Aviat, Ceragon and Siklu tell in ENTITY-MIB is read there. Signal levels are not read.
"""

from __future__ import annotations

from collector.products import LINUX, Product, ProductTable, Weights

PRODUCTS = ProductTable(
    "radio_link", Weights(vote=80, maker=60, words=58, objects=60),
    Product("2281", "wireless bridge", words=r"^(?P<model>(?:IP-\d+\w*|FibeAir|Evolution)[^,]*)"),
    Product("2509", "wireless bridge"),
    Product("119.2.3.69", "wireless bridge"),
    Product("1807", "wireless bridge", words=r"^(?P<model>(?:OmniBAS|StreetNode|UltraLink|OmniWay)\S*)"),
    Product("3373.1103", "wireless bridge", words=r"^(?P<model>\S+) - SIAE",
            objects={"model": ".6.2.1.4.1", "serial": ".6.2.1.13.1", "firmware": ".7.2.0"}),
    Product("3373", "wireless bridge", words=r"^(?P<model>\S+) - SIAE"),
    Product("3942", "wireless bridge", words=r"^(?:InfiNet |WANFleX )?(?P<model>R5\d*\S*)"),
    Product("4458", "wireless bridge",
            objects={"firmware": ".1000.1.1.3.0", "serial": ".1000.1.1.29.0", "model": ".1000.1.1.30.0"}),
    Product("5454", "wireless bridge"),
    Product("6080", "wireless bridge"),
    Product("7262.2.2", "wireless bridge",
            objects={"serial": ".1.3.1.1.0", "model": ".1.3.1.2.0", "firmware": ".1.3.2.1.0"}),
    Product("7262.2.3", "wireless bridge",
            objects={"serial": ".1.6.1.2.0", "model": ".1.6.1.3.0", "firmware": ".1.6.2.1.0"}),
    Product("7262.4", "wireless bridge", objects={"firmware": ".5.2.4.2.1.1.3.1"}),
    Product("7571.100.1.1.5", "wireless bridge",
            words=r"^SAF microwave radio;(?P<model>[^;]+?) v(?P<firmware>\d[\d.]*);.*?SN: (?P<serial>\w+)"),
    Product("7571", "wireless bridge",
            words=r"^Prod: (?P<model>[^;]+);Vers: (?P<firmware>[^;]+);.*S/N: (?P<serial>\w+)"),
    Product("8000", "wireless bridge", objects={"firmware": ".22.8.5.0", "serial": ".22.9.2.0"}),
    Product("12140", "wireless bridge"),
    Product("12394", "wireless bridge", words=r"^Alvarion - (?P<model>\S+ ?\S*) , Version: (?P<firmware>\d[\w.]*)"),
    Product("14817", "wireless bridge", words=r"(?P<model>Aprisa\w*)"),
    Product("19454", "wireless bridge"),
    Product("24575", "wireless bridge", words=r"^Tranzeo (?P<model>\S+), .*FW (?P<firmware>[\w.-]+)"),
    Product("25651", "wireless bridge", words=r"^(?P<model>ExtendAir \S+) (?P<firmware>\S+)$"),
    Product("26381", "wireless bridge"),
    Product("31926", "wireless bridge", words=r"^(?:Siklu )?(?P<model>(?:EH|MH|EtherHaul)-?\w+)"),
    Product("32750", "wireless bridge", words=r"^Ligo(?:DLB|PTP|\w*) (?P<model>\S+) (?P<firmware>v\S+)$"),
    Product("33555", "wireless bridge",
            objects={"model": ".1.1.1.1.0", "serial": ".1.1.1.2.0", "firmware": ".1.1.2.2.0"}),
    Product("43356", "wireless bridge", words=r"^Mimosa (?P<model>\S+)",
            objects={"serial": ".2.1.2.1.2.0", "firmware": ".2.1.2.1.3.0"}),
    Product("47307", "wireless bridge", objects={"model": ".1.1.1.0", "firmware": ".1.1.3.0"}),
    Product("57344.1", "wireless bridge", objects={"model": ".3.1.0", "serial": ".3.2.0", "firmware": ".3.4.0"}),
    Product("62821", "wireless bridge"),
    Product("53058", "wireless bridge", "Baicells", behind=(LINUX,),
            objects={"serial": ".2.1.6.0", "hardware": ".2.1.7.0", "firmware": ".2.1.8.0"}),
    # radios without a number of their own, or with one of somebody else
    Product("", "wireless bridge", "Trango", r"^(?P<model>ApexPlus|Apex Plus)-(?P<firmware>\d\S*)"),
    Product("", "wireless bridge", "Deliberant", r"^Deliberant"),
    Product("", "wireless bridge", "LigoWave", r"^(?P<model>(?:NFT|LigoPTP|LigoDLB) ?\S+)"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
