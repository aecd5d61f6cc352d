"""Telephone systems, voice gateways and IP phones that tell themselves in sysDescr or a few scalars: one row each.

AudioCodes, innovaphone, Mitel (Aastra, ShoreTel), Avaya (IP Office, gateways, CS 1000), Unify and Siemens, Alcatel
OmniPCX, NEC Univerge, Panasonic, Allworx, 3CX, Sangoma, Snom, Yealink, Gigaset, 2N, Zenitel, Sonus, Adtran. Cisco's
have a file of their own.
"""

from __future__ import annotations

from collector.products import Product, ProductTable, Weights

APPLICATION_VERSION = "1.3.6.1.2.1.27.1.1.4.1"  # applVersion (NETWORK-SERVICES-MIB) of the first application
PRODUCTS = ProductTable(
    "voice", Weights(vote=100, maker=45, words=55, objects=70),
    Product("5003", "voice gateway", "AudioCodes",
            r"^Product: ?(?P<model>(?:Mediant|MP-?|MediaPack|TP-)[^;,]*)[;,]"
            r".*?(?:SW|Software) ?Version: ?(?P<firmware>[\w.]+)",
            {"model": ".9.10.10.2.3.1.0", "firmware": ".9.10.10.2.2.1.0", "serial": ".9.10.10.2.3.2.0"}, anywhere=True),
    Product("6666", "phone", "innovaphone", r"\b(?P<model>IP(?:1[01]\d|2[0-4]\d)\w?)\[(?P<firmware>[\w.]+)\]"),
    Product("6666", "pbx", "innovaphone", r"\b(?P<model>(?:IP|ST)\d{2,4}\w*)\[(?P<firmware>[\w.]+)\]"),
    Product("1027.4", "pbx", "Mitel", r"^(?P<model>(?:MiVoice|MiCollab|Mitel) [\w ]+)"),
    Product("5329", "voice gateway", "ShoreTel", r"^(?P<model>Shore(?:Gear|Tel) \S+)", anywhere=True),
    Product("6889.1", "pbx", "Avaya", r"^(?P<model>(?:Avaya )?IP ?Office [\w ]+?)(?: (?P<firmware>\d[\d.() ]+))?$"),
    Product("", "voice gateway", "Avaya",
            r"^Avaya Inc\., (?P<model>G\d{3}\S* (?:Converged )?(?:Media )?Gateway), SW Version "
            r"(?P<firmware>\S+)"),
    Product("", "pbx", "Avaya", r"^(?:PR:|(?:Nortel|Avaya)[^,]*, )"
            r"(?P<model>(?:CS 1000|Meridian 1|BCM)\S*(?: (?:Call|Signaling) Server)?)"
            r"(?:.*? (?:Software Release |BN:)(?P<firmware>\d\S+))?"),
    Product("", "pbx", "3Com", r"^(?P<model>3COM VCX \S.*)$"),
    Product("", "phone", "Avaya", r"^(?P<model>(?:Avaya )?(?:J1\d\d|96\d\d\w*|16\d\d|1[12]\d\d) (?:IP |Desk)?phone)"),
    Product("", "phone", "Siemens", r"\b(?P<model>optiPoint \d+\w*(?: \w+)?)", sign="optipoint"),
    Product("", "phone", "Unify", r"\b(?P<model>(?:OpenStage|OpenScape Desk Phone)[\w ]*)", sign="open"),
    *(Product("", "pbx", "Unify", rf"\b(?P<model>{name} (?:Business |\d)[\w /]*)", sign=name.lower())
      for name in ("HiPath", "OpenScape")),
    Product("637.64.4400", "pbx", "Alcatel-Lucent Enterprise"),
    Product("119.1.76", "pbx", "NEC", r"^NEC_(?P<model>SV\d{4})|^(?P<line>UNIVERGE \S+)", anywhere=True),
    Product("572.17389", "switch", "Ericsson-LG", r"^(?P<model>ES-\d+\w*)"),
    Product("38516", "pbx", "Allworx", r"^Allworx (?P<model>[\w ]+)", {"firmware": APPLICATION_VERSION},
            anywhere=True),
    Product("", "pbx", "Panasonic", r"\b(?P<model>(?:KX-(?:NS|NCP|TDE|HTS)\d+)\w*)", sign="kx-"),
    Product("7526", "phone", "Snom", r"^(?P<model>snom ?\w+)[ ;,/-]*(?P<firmware>\d+\.\d[\w.]*)?", anywhere=True),
    Product("37459", "phone", "Yealink",
            r"^(?:Yealink )?(?P<model>SIP-[TW]\w+|(?:SIP )?[TW]\d{2}\w*)(?: (?P<firmware>\d[\d.]+))?"),
    Product("", "phone", "Gigaset", r"^Gigaset (?P<model>[\w ]+)"),
    Product("6530", "phone", "2N", r"^(?P<model>2N\W+[\w ]+)", anywhere=True),
    Product("", "phone", "Zenitel", r"^Linux ipstation\b"),
    Product("26122", "phone", "Zenitel", r"^(?P<model>(?:Zenitel |Stentofon )\S+)"),
    Product("2879", "voice gateway", "Ribbon", r"^(?P<model>Sonus \S+|SBC\s?\d\S*)"),
    Product("177.15", "voice gateway", "Ribbon", r"^(?P<model>(?:Sonus |Ribbon )?SBC\s?\d\S*)"),
    Product("", "voice gateway", "Adtran",
            r"^(?P<model>Total Access 9\d\d\w?)(?:, ADSL)?(?: \([^)]*\))?, Version: (?P<firmware>\S+?),"),
    Product("", "voice gateway", "Cisco", r"^(?P<model>Cisco VG\d{3}\w*) version (?P<firmware>\S+)"),
    Product("", "pbx", "Cisco", r"^(?:Hardware:(?:VMware|\d\w+),.*Software: ?UCOS (?P<firmware>\S+))"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
