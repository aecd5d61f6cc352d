"""Power and climate products of makers that a row can teach: UPS, rack PDU, rectifiers, sensors, air conditioners.

A row says where a maker's objects begin, what that makes the device, which objects tell facts, and what its description
tells. Sources are the makers' MIBs, named by the row's word. Battery and outlets are not read here: the first comes
from UPS-MIB, the others nowhere yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

ENTERPRISES = "1.3.6.1.4.1"
LINUX = f"{ENTERPRISES}.8072.3.2.10"  # the agent of net-snmp, which says nothing of the maker
UPS_MIB = "1.3.6.1.2.1.33"


@dataclass(frozen=True, slots=True)
class Product:
    """A row. `objects`: fact → tail of its OID, a column where it ends in `*` (its first row tells).

    `instead`: a word of the description → the class that it makes of the device. `maker`: where sysObjectID may not
    tell it. `linux`: the agent may be net-snmp's, so the objects are asked of every Linux.
    """

    word: str
    root: str
    device_class: str
    objects: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)
    maker: str = ""
    linux: bool = False
    weight: int = 80

    @property
    def prefix(self) -> str:
        """The OID that the maker's objects and its sysObjectIDs lie under."""
        return self.root if self.root == UPS_MIB else f"{ENTERPRISES}.{self.root}"

    def oids(self) -> dict[str, str]:
        """Fact → object, or column with `.*`."""
        return {name: f"{self.prefix}.{tail}" for name, tail in self.objects.items()}


VERSION = r" v ?(?P<firmware>\d[\w.]+)"

#: each product of Gude has a number of its own below which the same objects lie
GUDE_PRODUCTS = (6, 23, 27, 35, 38, 43, 52, 54, 58, 62, 66, 67, 68)
GUDE_SENSORS = {"Sensor": "sensor", "Net Control": "sensor"}

UPS = (
    Product("delta", "2254.2", "ups", {"maker": "4.1.1.0", "model": "4.1.2.0", "firmware": "4.1.3.0"}),
    Product("dell_ups", "674.10902.2", "ups", {"model": "100.1.0", "firmware": "100.4.0", "serial": "120.1.2.0"}),
    Product("socomec", "4555.1.1", "ups", {"model": "7.1.1.1.0", "serial": "7.1.1.2.0", "agent": "7.1.1.5.0"},
            maker="Socomec", linux=True),
    Product("riello", "5491", "ups", {"maker": "10.1.1.1.0", "model": "10.1.1.2.0", "firmware": "10.1.1.3.0"},
            r"^(?P<model>Net ?[Mm]an( \d+\D*)?)$"),
    Product("phoenixtec", "935", "ups",
            {"model": "1.1.1.1.1.1.0", "firmware": "1.1.1.1.2.1.0", "serial": "1.1.1.1.2.3.0"}),
    Product("megatec", "935.10.1.1.1", "ups", {"firmware": "3.0"}),
    Product("voltronic", "21111.1.1.1", "ups", {"model": "3.0", "serial": "4.0", "firmware": "6.0"},
            maker="Voltronic", linux=True),
    Product("abb_ups", "53973.1.1.1.1.1", "ups", {"maker": "1.0", "model": "2.0", "firmware": "3.0"}, linux=True),
    Product("huawei_ups", "2011.6.174", "ups"),
    Product("east_power", "40614", "ups"),
    Product("usha", "2468.1.2", "ups", {}, r"Card v(?P<firmware>[\d.]+) \(SN (?P<serial>\w+)\)"),
    Product("generex", UPS_MIB, "ups", {}, r"^(The )?(?P<model>[Cc][Ss]1\d1)( v (?P<firmware>[\d.]+)| SNMP Agent)"),
    Product("tripp_lite", "850", "ups",
            {"model": "1.1.1.2.1.5.*", "firmware": "1.1.2.1.1.4.*", "serial": "1.1.2.1.1.5.*", "unit": "100.1.1.2.0"},
            r"^PowerAlert" + VERSION, instead={"PDU": "pdu", " B09": "console server"}),
    Product("hpe_power", "232.165", "ups", {},
            r"^(?P<model>HPE? \w+ (Management|Network) Module).*firmware (version|revision) (?P<firmware>[\w.]+)",
            instead={"PDU": "pdu"}, maker="HPE"),
    Product("algcom", "49136", "ups", instead={"SM9S": "sensor"}),
    Product("superior", "42610", "pdu"),
)  # fmt: skip

PDU = (
    Product("raritan", "13742", "pdu",
            {"model": "6.3.2.1.1.3.*", "serial": "6.3.2.1.1.4.*", "firmware": "6.3.2.3.1.6.*",
             "old_serial": "4.1.1.2.0"},
            r"Firmware Version (?P<firmware>[\w.-]+)|MD:(?P<model>\S+) HW:(?P<hardware>\S+) FW:",
            instead={"EMX": "sensor", "KX": "kvm", "Paragon": "kvm", "SX": "console server"}),
    Product("sentry3", "1718.3", "pdu", {"version": "1.1.0", "serial": "2.1.1.6.*", "model": "2.1.1.7.*"}),
    Product("sentry4", "1718.4", "pdu", {"version": "1.1.1.3.0", "serial": "1.2.2.1.4.*", "model": "1.2.2.1.5.*"}),
    Product("socomec_pdu", "4555.2.30.1", "pdu", {"model": "2.0", "serial": "3.0", "firmware": "5.0"}),
    Product("enlogic", "38446.1", "pdu", {"model": "1.2.1.11.*", "serial": "1.2.1.12.*", "firmware": "1.2.1.14.*"}),
    Product("panduit", "19536.10.1", "pdu", {"firmware": "1.2.1.5.*", "model": "1.2.1.7.*", "serial": "1.2.1.8.*"}),
    Product("aten", "21317.1.3.2", "pdu", {"online": "1.1.0"}, weight=120),  # its consoles share the number
    Product("gude", "28507", "pdu", {}, r"^(?P<model>Expert .+)$", instead=GUDE_SENSORS),
    *(Product(f"gude_{number}", f"28507.{number}", "pdu", {"model": "1.1.2.1.0", "firmware": "1.1.2.2.0"},
              instead=GUDE_SENSORS) for number in GUDE_PRODUCTS),
    Product("schleifenbauer", "31034", "pdu",
            {"firmware": "12.1.1.2.1.1.1.3.*", "model": "12.1.1.2.1.1.1.5.*", "serial": "12.1.1.2.1.1.1.6.*"}),
    Product("dataprobe", "1418.6.1", "pdu", {"firmware": "1.0", "model": "4.0"}, maker="Dataprobe", linux=True),
    Product("western_telematic", "2634.3", "pdu", {"model": "200.10.1.2.*"}, maker="Western Telematic", linux=True),
    Product("western_telematic_power", "2634.6", "pdu"),
    Product("e3meter", "21695", "pdu", {"firmware": "1.10.1.1"}, r"^E3METER (?P<model>IPS \d+)"),
    Product("bachmann", "31770.2.2", "pdu"),
    Product("chatsworth", "30932", "pdu"),
    Product("baytech", "4779", "pdu"),
    Product("ict_panel", "39145.10", "pdu", {"model": "1.0", "firmware": "4.0"}),
)  # fmt: skip

RECTIFIERS = (
    Product("eltek", "12148.10", "rectifier",
            {"model": "13.8.2.1.2.*", "firmware": "13.8.2.1.8.*", "serial": "2.7.0"}),
    Product("valere", "13858", "rectifier", {"maker": "2.1.1.0", "model": "2.1.2.0", "firmware": "2.1.3.0"}),
    Product("netsure", "6302.2.1", "rectifier", {"model": "1.2.0", "firmware": "1.3.0", "serial": "1.6.0"},
            maker="Vertiv", linux=True),
    Product("vertiv_dc", "13400.2", "ups", {"model": "54.1.2.0", "serial": "54.1.3.0"}),
    Product("ge_pulsar", "10520.2.1.3", "rectifier", {"firmware": "2.7.0", "model": "2.11.0", "serial": "2.12.0"}),
    Product("alpha", "7309", "rectifier", {"firmware": "5.1.3.0", "serial": "5.2.1.2.1.6.*"}),
    Product("eaton_dc", "1918", "rectifier", {"model": "2.14.10.10.30.0", "serial": "2.14.10.10.20.0"},
            r"software version (?P<firmware>\d[\d.]+)"),
    Product("huawei_smu", "2011.6.164.1", "rectifier", {"firmware": "2.2.1.1.5.*"}, maker="Huawei", linux=True),
    Product("ict_modular", "39145.13", "rectifier", {"model": "1.0", "firmware": "4.0"}),
    Product("ict_supply", "39145.11", "rectifier", {"model": "1.0", "firmware": "4.0"}),
    Product("ict_inverter", "39145.12", "rectifier", {"firmware": "4.0"}),
    Product("samlex", "49075.1.1", "rectifier", {"model": "1.0", "firmware": "2.0"}),
    Product("tycon", "45621.3.1", "rectifier", {"model": "1.0", "firmware": "2.0"}),
    Product("major_power", "40865.1", "rectifier", {"model": "2.0", "firmware": "3.0"}),
    Product("imco", "33283.1.30.8", "rectifier", {"model": "81.0", "serial": "83.0", "firmware": "84.0"}),
    Product("newmar", "18642.1", "rectifier"),
)  # fmt: skip

CLIMATE = (
    Product("akcp", "3854", "sensor", {"model": "1.1.8.0"},
            r"^(?P<model>\w+Probe\w*( \d\w*)?|SPX\+?)(\s+(?P<firmware>\d[\d.]+))?"),
    Product("avtech", "20916", "sensor", {}, r"^(?P<model>(AVTECH )?(Room ?Alert|TemPageR) \S+)(" + VERSION + ")?"),
    Product("hw_group", "21796", "sensor", {},
            r"^(?P<model>(Poseidon2?|Damocles2?|HWg-\w+|STE2?|WLD2|IP-?\w+|Ares)( \d{4})?)\b"
            r".*?( v?(?P<firmware>\d[\d.]+))?$"),
    Product("rittal", "2606", "sensor", {"firmware": "7.2.4.0", "serial": "7.2.6.0", "model": "7.4.1.2.1.2.*"},
            r"^Rittal (?P<model>.+?) SN (?P<serial>[\w-]+)?\S* HW \S+ - SW V?(?P<firmware>\S+)",
            instead={"LCP": "air conditioner", "PDU": "pdu", "Chiller": "air conditioner"}),
    Product("wiesemann_theis", "5040.1.2", "sensor"),
    Product("sensatronics", "16174", "sensor"),
    Product("comet", "22626", "sensor", {}, r"fw (?P<firmware>[\d-]+)"),
    Product("teracom", "38783", "sensor", {"model": "3.2.1.2.0", "version": "3.1.2.0"}),
    Product("it_watchdogs", "17373", "sensor"),
    Product("weathergoose", "901.1", "sensor"),
    Product("vutlan", "39052", "sensor"),
    Product("papouch", "18248", "sensor"),
    Product("enviromux", "3699.1.1", "sensor", {}, r"^(?P<model>ENVIROMUX\S*)"),
    Product("uptime", "3711", "sensor"),
    Product("jacarta", "19011", "sensor"),
    Product("dantel", "994.3.4", "sensor", {"firmware": "7.1.82.0.0"}, r"^(?P<model>WebMon \w+)"),
    Product("siteboss", "3052", "sensor", {"serial": "20.2.16.15.3.0"},
            r"^\"?(?P<model>SiteBoss \d+) (?P<firmware>[\d.]+ ?\w*)"),
    Product("carel", "9839", "air conditioner", {"online": "2.1.2.1.0"}, maker="Carel", linux=True),
    Product("stulz", "29462", "air conditioner"),
    Product("dantherm", "46651.1.1", "air conditioner", {"serial": "46.0", "firmware": "51.0"}, maker="Dantherm"),
    Product("pentair", "26609.2", "air conditioner", {"serial": "21.5.0", "model": "21.6.0"}, maker="Pentair"),
)  # fmt: skip

#: products whose sysObjectID tells too little (nobody's tree, or that of a maker of much else), by their description
DESCRIBED = (
    Product("planet_pdu", "", "pdu", {}, r"^(?P<model>IPM-\d\w+) (?P<firmware>\d[\d.]+)", weight=110),
    Product("serverscheck", "", "sensor", {}, r"\bSensor Gateway\b|^(?P<model>TH-\d\w*)$"),
    Product("esphome", "1.3.9999", "sensor", {},
            r"^ESPHome version (?P<firmware>\S+) compiled .* Board (?P<model>\S+)"),
    Product("papouch_described", "", "sensor", {}, r"^SNMP (?P<model>TME|TH2E|Papago \S+)\b"),
    Product("hpe_power_described", "", "pdu", {},
            r"^(?P<model>HPE? PDU Management Module).*firmware (version|revision) (?P<firmware>[\w.]+)", maker="HPE"),
)  # fmt: skip

PRODUCTS = (*UPS, *PDU, *RECTIFIERS, *CLIMATE)
PATTERNS = {product.word: re.compile(product.description) for product in (*PRODUCTS, *DESCRIBED)}
#: texts with more words than the fact: `Sentry Switched CDU Version 7.1a`, `TCW241-v1.252`, `Net Vision 8 v8.00`
VERSIONED = re.compile(r"(?:[Vv]ersion |[ -]v|^)(?P<firmware>\d[\w.]*(?: \d+)?)$")
SERIALS = ("unit", "old_serial")
NOT_STATED = frozenset({"online"})


def _ask(product: Product) -> Ask:
    oids = product.oids().values()
    return Ask(
        f"product_{product.word}",
        scalars=tuple(oid for oid in oids if not oid.endswith(".*")),
        tables=tuple(oid.removesuffix(".*") for oid in oids if oid.endswith(".*")),
        condition=Condition(object_id_prefixes=(product.prefix, LINUX) if product.linux else (product.prefix,)),
    )


def _by_number() -> dict[str, list[tuple[str, Product]]]:
    rows: dict[str, list[tuple[str, Product]]] = {"": []}
    for product in PRODUCTS:
        number = "" if product.root == UPS_MIB else product.root.partition(".")[0]
        rows.setdefault(number, []).append((product.prefix, product))
    return rows


BY_NUMBER = _by_number()  # enterprise number, "" for standard MIBs → prefix and product
ASKS = tuple(_ask(product) for product in PRODUCTS if product.objects)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, maker, model, serial and firmware of every product whose row fits."""
    description = walk.description
    near = [entry for number in walk.enterprises for entry in BY_NUMBER.get(number, ())]
    for prefix, product in (*near, *BY_NUMBER[""]):
        named = walk.is_of(prefix)
        if named or (product.objects and walk.has(prefix)):
            yield from _product(walk, product, OBJECT_ID if named else prefix, description)
    for product in DESCRIBED:
        if PATTERNS[product.word].search(description):
            yield from _vote(walk, product, DESCRIPTION, product.device_class)
            yield from walk.words(PATTERNS[product.word], weight=50)


def _product(walk: Walk, product: Product, because: str, description: str) -> Iterator[Statement]:
    told = (other for word, other in product.instead.items() if word in description)
    yield from _vote(walk, product, because, next(told, product.device_class))
    for name, oid in product.oids().items():
        yield from _object(walk, name, _first(walk, oid))
    if product.description:
        yield from walk.words(PATTERNS[product.word], weight=48)


def _vote(walk: Walk, product: Product, because: str, device_class: str) -> Iterator[Statement]:
    yield from walk.vote(device_class, product.weight, product.word, because)
    yield from walk.fact("maker", product.maker, because, weight=52)


def _object(walk: Walk, name: str, oid: str) -> Iterator[Statement]:
    if name in ("version", "agent"):
        yield from walk.words(VERSIONED, oid, weight=60)
    elif name in SERIALS:
        yield from walk.state("serial", oid, weight=50)
    elif name not in NOT_STATED:
        yield from walk.state(name, oid, weight=60)


def _first(walk: Walk, oid: str) -> str:
    """The object itself, or the first row of a column that says anything."""
    if not oid.endswith(".*"):
        return oid
    column = oid.removesuffix(".*")
    return next((f"{column}.{index}" for index in walk.column(column) if walk.text(f"{column}.{index}")), column)
