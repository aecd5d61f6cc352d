"""Power and climate products of makers that a row can teach: UPS, rack PDU, rectifiers, sensors, air conditioners.

Sources are the makers' MIBs, whose names stand beside the rows. Battery and outlets are not read here: the first comes
from UPS-MIB, the others nowhere yet.
"""

from __future__ import annotations

from collector.products import LINUX, NOBODY, ONLY_ASKED, Product, ProductTable, Weights

#: texts with more words than the fact: `Sentry Switched CDU Version 7.1a`, `TCW241-v1.252`, `Net Vision 8 v8.00`
VERSIONED = r"(?:[Vv]ersion |[ -]v|^)(?P<firmware>\d[\w.]*(?: \d+)?)$"

UPS = (
    Product("2254.2", "ups", objects={"maker": ".4.1.1.0", "model": ".4.1.2.0", "firmware": ".4.1.3.0"}),  # Delta
    Product("674.10902.2", "ups",  # Dell
            objects={"model": ".100.1.0", "firmware": ".100.4.0", "serial": ".120.1.2.0"}),
    Product("4555.1.1", "ups", "Socomec", objects={"model": ".7.1.1.1.0", "serial": ".7.1.1.2.0"},
            texts={".7.1.1.5.0": VERSIONED}, behind=(LINUX,)),
    Product("5491", "ups", words=r"^(?P<model>Net ?Man( \d+\D*)?)$",  # Riello
            objects={"maker": ".10.1.1.1.0", "model": ".10.1.1.2.0", "firmware": ".10.1.1.3.0"}),
    Product("935", "ups",  # Phoenixtec, and Megatec's cards in the second version
            objects={"model": ".1.1.1.1.1.1.0", "firmware": (".1.1.1.1.2.1.0", ".10.1.1.1.3.0"),
                     "serial": ".1.1.1.1.2.3.0"}),
    Product("21111.1.1.1", "ups", "Voltronic", objects={"model": ".3.0", "serial": ".4.0", "firmware": ".6.0"},
            behind=(LINUX,)),
    Product("53973.1.1.1.1.1", "ups", objects={"maker": ".1.0", "model": ".2.0", "firmware": ".3.0"},  # ABB
            behind=(LINUX,)),
    Product("2011.6.174", "ups"),  # Huawei
    Product("40614", "ups"),  # East
    Product("2468.1.2", "ups", words=r"Card v(?P<firmware>[\d.]+) \(SN (?P<serial>\w+)\)"),  # USHA
    Product("1.3.6.1.2.1.33", "ups",  # UPS-MIB itself, as Generex has it
            words=r"^(The )?(?P<model>CS1\d1)( v (?P<firmware>[\d.]+)| SNMP Agent)"),
    Product("850", "ups", words=r"^PowerAlert v ?(?P<firmware>\d[\w.]+)",  # Tripp Lite
            objects={"model": ".1.1.1.2.1.5.*", "firmware": ".1.1.2.1.1.4.*",
                     "serial": (".1.1.2.1.1.5.*", ".100.1.1.2.0")},
            instead={"PDU": "pdu", " B09": "console server"}),
    Product("232.165", "ups", "HPE",
            r"^(?P<model>HPE? \w+ (Management|Network) Module).*firmware (version|revision) (?P<firmware>[\w.]+)",
            instead={"PDU": "pdu"}),
    Product("49136", "ups", instead={"SM9S": "sensor"}),  # ALGcom
    Product("6050", "ups"),  # Gamatronic
    Product("42610", "pdu"),  # Superior
)  # fmt: skip

#: each product of Gude has a number of its own below which the same objects lie
GUDE_PRODUCTS = (6, 23, 27, 35, 38, 43, 52, 54, 58, 62, 66, 67, 68)
GUDE_WORDS = r"^(?P<model>Expert .+)$"
GUDE_SENSORS = {"Sensor": "sensor", "Net Control": "sensor"}

PDU = (
    Product("13742", "pdu",  # Raritan
            words=r"(?:(?:MD:|^Raritan )(?P<model>(?:Dominion )?\w\S*) (?:HW:(?P<hardware>\S+) FW:|- Firmware Version )"
                  r"|Firmware Version )(?P<firmware>[\w.-]+)",
            objects={"model": ".6.3.2.1.1.3.*", "serial": (".6.3.2.1.1.4.*", ".4.1.1.2.0"),
                     "firmware": ".6.3.2.3.1.6.*"},
            instead={"EMX": "sensor", "KX": "kvm", "Paragon": "kvm", "SX": "console server"}),
    Product("1718.3", "pdu", objects={"serial": ".2.1.1.6.*", "model": ".2.1.1.7.*"},  # Sentry3-MIB
            texts={".1.1.0": VERSIONED}),
    Product("1718.4", "pdu", objects={"serial": ".1.2.2.1.4.*", "model": ".1.2.2.1.5.*"},  # Sentry4-MIB
            texts={".1.1.1.3.0": VERSIONED}),
    Product("4555.2.30", "pdu", objects={"model": ".1.2.0", "serial": ".1.3.0", "firmware": ".1.5.0"}),  # Socomec
    Product("38446.1", "pdu",  # Enlogic
            objects={"model": ".1.2.1.11.*", "serial": ".1.2.1.12.*", "firmware": ".1.2.1.14.*"}),
    Product("19536.10.1", "pdu",  # Panduit
            objects={"firmware": ".1.2.1.5.*", "model": ".1.2.1.7.*", "serial": ".1.2.1.8.*"}),
    Product("21317.1.3.2", "pdu", objects={ONLY_ASKED: ".1.1.0"}, vote=120, behind=("21317",)),  # ATEN
    Product("28507", "pdu", words=GUDE_WORDS, instead=GUDE_SENSORS),
    *(Product(f"28507.{number}", "pdu", words=GUDE_WORDS, objects={"model": ".1.1.2.1.0", "firmware": ".1.1.2.2.0"},
              instead=GUDE_SENSORS) for number in GUDE_PRODUCTS),
    Product("31034", "pdu",  # Schleifenbauer
            objects={"firmware": ".12.1.1.2.1.1.1.3.*", "model": ".12.1.1.2.1.1.1.5.*",
                     "serial": ".12.1.1.2.1.1.1.6.*"}),
    Product("1418.6.1", "pdu", "Dataprobe", objects={"firmware": ".1.0", "model": ".4.0"}, behind=(LINUX,)),
    Product("2634.3", "pdu", "Western Telematic", behind=(LINUX, "2634"),
            objects={"model": ".200.10.1.2.*", "serial": ".200.10.1.27.*", "firmware": ".200.10.1.28.*"}),
    Product("2634.6", "pdu"),  # Western Telematic
    Product("21695", "pdu", words=r"^E3METER (?P<model>IPS \d+)", objects={"firmware": ".1.10.1.1"}),
    Product("31770.2.2", "pdu"),  # Bachmann
    Product("30932", "pdu"),  # Chatsworth
    Product("4779", "pdu"),  # BayTech
    Product("45770", "pdu"),  # Digital Loggers
    Product("47952", "pdu", words=r"^NETIO (?P<model>\S.{2,30}?)(?: v?(?P<firmware>\d[\d.]+))?$"),
    Product("17420", "pdu"),  # DigiPower
    Product("55108", "pdu"),  # Riedo
    Product("39145.10", "pdu", objects={"model": ".1.0", "firmware": ".4.0"}),  # ICT
)  # fmt: skip

RECTIFIERS = (
    Product("12148.10", "rectifier",  # Eltek
            objects={"model": ".13.8.2.1.2.*", "firmware": ".13.8.2.1.8.*", "serial": ".2.7.0"}),
    Product("13858", "rectifier",  # Valere
            objects={"maker": ".2.1.1.0", "model": ".2.1.2.0", "firmware": ".2.1.3.0"}),
    Product("6302.2.1", "rectifier", "Vertiv", objects={"model": ".1.2.0", "firmware": ".1.3.0", "serial": ".1.6.0"},
            behind=(LINUX,)),  # NetSure
    Product("13400.2", "ups", objects={"model": ".54.1.2.0", "serial": ".54.1.3.0"}),  # Vertiv
    Product("10520.2.1.3", "rectifier",  # GE
            objects={"firmware": ".2.7.0", "model": ".2.11.0", "serial": ".2.12.0"}),
    Product("7309", "rectifier", objects={"firmware": ".5.1.3.0", "serial": ".5.2.1.2.1.6.*"}),  # Alpha
    Product("1918", "rectifier", words=r"software version (?P<firmware>\d[\d.]+)",  # Eaton
            objects={"model": ".2.14.10.10.30.0", "serial": ".2.14.10.10.20.0"}),
    Product("2011.6.164.1", "rectifier", "Huawei", objects={"firmware": ".2.2.1.1.5.*"}, behind=(LINUX,)),  # SMU
    *(Product(f"39145.{number}", "rectifier", objects={"model": ".1.0", "firmware": ".4.0"}) for number in (11, 13)),
    Product("39145.12", "rectifier", objects={"firmware": ".4.0"}),  # ICT, like the two before
    Product("49075", "rectifier", objects={"model": ".1.1.1.0", "firmware": ".1.1.2.0"}),  # Samlex
    Product("45621.3", "rectifier", objects={"model": ".1.1.0", "firmware": ".1.2.0"}),  # Tycon
    Product("40865", "rectifier", objects={"model": ".1.2.0", "firmware": ".1.3.0"}),  # Major Power
    Product("33283.1.30", "rectifier",  # Imco
            objects={"model": ".8.81.0", "serial": ".8.83.0", "firmware": ".8.84.0"}),
    Product("18642.1", "rectifier"),  # Newmar
    Product("26854.3", "rectifier", words=r"^Alpha Innovations (?P<model>Comp@s)"),  # watches the batteries of plants
)  # fmt: skip

CLIMATE = (
    Product("3854", "sensor", words=r"^(?P<model>\w+Probe\w*( \d\w*)?|SPX\+?)(\s+(?P<firmware>\d[\d.]+))?",  # AKCP
            objects={"model": ".1.1.8.0"}),
    Product("20916", "sensor", words=r"^(?P<model>(AVTECH )?(Room ?Alert|TemPageR) \S+)( v ?(?P<firmware>\d[\w.]+))?"),
    Product("21796", "sensor",  # HW group
            words=r"^(?P<model>(Poseidon2?|Damocles2?|HWg-\w+|STE2?|WLD2|IP-?\w+|Ares)( \d{4})?)\b"
                  r".*?( v?(?P<firmware>\d[\d.]+))?$"),
    Product("2606", "sensor",
            words=r"^Rittal (?P<model>.+?) SN (?P<serial>[\w-]+)?\S* HW \S+ - SW V?(?P<firmware>\S+)",
            objects={"firmware": ".7.2.4.0", "serial": ".7.2.6.0", "model": ".7.4.1.2.1.2.*"},
            instead={"LCP": "air conditioner", "PDU": "pdu", "Chiller": "air conditioner"}),
    Product("5040.1.2", "sensor"),  # Wiesemann & Theis
    Product("16174", "sensor"),  # Sensatronics
    Product("22626", "sensor", words=r"fw (?P<firmware>[\d-]+)"),  # COMET
    Product("38783", "sensor", objects={"model": ".3.2.1.2.0"}, texts={".3.1.2.0": VERSIONED}),  # Teracom
    Product("17373", "sensor"),  # IT Watchdogs
    Product("901.1", "sensor"),  # WeatherGoose
    Product("39052", "sensor"),  # Vutlan
    Product("25728", "sensor", "NetPing",
            r"^(?:NetPing )?(?P<model>(?:UniPing|NetPing|\d+/PWR)\b.*?), FW v?(?P<firmware>\S+)",
            instead={"PWR": "pdu"}),
    Product("46501", "sensor", words=r"^(?P<model>Didactum \S.{2,40})$"),
    Product("40418.2", "sensor", words=r"^(?P<model>SNR-ERD\S*?);(?: SW: ?(?P<firmware>[\d.]+))?",
            vote=120),  # SNR; it also tells, as UPS-MIB, of the UPS that it watches
    Product("18248", "sensor"),  # Papouch
    Product("3699.1.1", "sensor", words=r"^(?P<model>ENVIROMUX\S*)"),
    Product("3711", "sensor"),  # Uptime Devices
    Product("19011", "sensor"),  # Jacarta
    Product("994.3.4", "sensor", words=r"^(?P<model>WebMon \w+)", objects={"firmware": ".7.1.82.0.0"}),  # Dantel
    Product("3052", "sensor", words=r"^\"?(?P<model>SiteBoss \d+) (?P<firmware>[\d.]+ ?\w*)",
            objects={"serial": ".20.2.16.15.3.0"}),
    Product("9839", "air conditioner", "Carel", objects={ONLY_ASKED: ".2.1.2.1.0"}, behind=(LINUX,)),
    Product("29462", "air conditioner"),  # Stulz
    Product("46651.1.1", "air conditioner", "Dantherm", objects={"serial": ".46.0", "firmware": ".51.0"},
            behind=NOBODY),
    Product("26609.2", "air conditioner", "Pentair", objects={"serial": ".21.5.0", "model": ".21.6.0"}, behind=NOBODY),
)  # fmt: skip

#: products whose sysObjectID tells too little (nobody's tree, or that of a maker of much else), by their description
DESCRIBED = (
    Product("", "pdu", words=r"^(?P<model>IPM-\d\w+) (?P<firmware>\d[\d.]+)", vote=110),  # PLANET
    Product("", "sensor", "ServersCheck", r"\bSensor Gateway\b",
            texts={"1.3.6.1.2.1.1.5.0": r"^Sensor Gateway: (?P<model>\w+-\w+)$"}, sign="sensor gateway"),
    Product("", "sensor", words=r"^(?P<model>TH-\d\w*)$"),  # ControlBox
    Product("", "sensor", words=r"^ESPHome version (?P<firmware>\S+) compiled .* Board (?P<model>\S+)"),
    Product("", "sensor", words=r"^SNMP (?P<model>TME|TH2E|Papago \S+)\b"),  # Papouch
    Product("", "pdu", "HPE",
            r"^(?P<model>HPE? PDU Management Module).*firmware (version|revision) (?P<firmware>[\w.]+)"),
)  # fmt: skip

PRODUCTS = ProductTable(
    "power_or_climate", Weights(vote=80, maker=52, words=48, objects=60), *UPS, *PDU, *RECTIFIERS, *CLIMATE, *DESCRIBED
)
ASKS = PRODUCTS.asks
read = PRODUCTS.read
