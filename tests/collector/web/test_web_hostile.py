"""Whatever a device calls itself, it stays text: the same tree of elements, the same JSON, no control characters."""

from __future__ import annotations

import json
import unicodedata
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from web_estate import NOW, World, browser, set_up, sign_in

from collector.age import Grade, Told, made, not_after, nothing, of_year
from collector.age.assess import Assessment
from collector.age.estimate import estimate
from collector.age.readiness import Readiness
from collector.age.support import Support
from collector.store import schema
from collector.store.people import Transaction
from fresh_store import fresh_store
from stocktake import ber, wire
from stocktake import values as v

HARMLESS = "harmless"
PAYLOADS = (
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "</title><script>alert(1)</script>",
    "<svg/onload=alert(1)>", '"><script>alert(1)</script>', "' onmouseover=alert(1) x='",
    '" autofocus onfocus=alert(1) x="', "</bdi></td></table>", "javascript:alert(1)", "<!--", "-->", "<![CDATA[",
    "<plaintext>", "<base href=//evil>", "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=//evil>", "&lt;script&gt;", "&#x3c;script&#x3e;", "\\x3cscript\\x3e",
    "{{7*7}}", "{% raw %}", "{{ config }}", "{0.__class__}", "%s%n%d", "${7*7}", "#{7*7}", "=cmd|'/c calc'!A1",
    "@SUM(A1)", "\n# HELP evil evil\nevil 1", "\x1b]0;evil\x07", "\x1b[31mred", "\x9b31m", "\u202egpj.exe",
    "\u2066x\u2069", "\u200b", "\ufeff", "\x00", "a\x00b", "\x7f", "\r\nSet-Cookie: a=b", "ﬁﬀ＜script＞", "é" * 300,
    "x" * 2000, "../../etc/passwd", "';drop table device;--", "\U000e0041", "\ue000", "עברית مرحبا", "e\u0301" * 50,
)  # fmt: skip


def assessment(payload: str) -> str:
    """A belief of age in which every text is the payload, as the store keeps it."""
    told = Told("serial", payload, payload, payload, payload, payload, NOW.date())
    clues = (
        made([of_year(2016)], Grade.DOCUMENTED, payload, payload, payload, told),
        made([of_year(2019)], Grade.TOLD, payload, payload, payload, told),
        nothing(payload, payload, payload, told),
        not_after(NOW.date(), Grade.SEEN, payload, payload, payload),
    )
    ends = Support(payload, payload, payload, NOW.date(), NOW.date(), payload, True, payload, payload, NOW.date())
    found = Assessment(estimate(clues), support=(ends,), readiness=Readiness(payload, (payload, payload)))
    return msgspec.json.encode(found).decode()


def fill(connection: Transaction, trust_id: str, key: str, payload: str) -> None:
    """A school, an agent, and a device with evidence, where every text that comes from outside is the payload."""
    base = {"trust_id": trust_id}
    history = {"observed_from": NOW, "recorded_from": NOW}
    number = int(key)
    binding = v.Binding("1.3.6.1.2.1.1.5.0", ber.OCTET_STRING, payload.encode("utf-8", "replace"))
    content = wire.encode_content(
        v.SnmpBindings((binding,), (v.TableWalk(payload.replace("\0", "0"), complete=False),))
    )
    rows: list[tuple[schema.Table, dict[str, object]]] = [
        (schema.schools, {"school_id": key, "name": payload}),
        (schema.sites, {"site_id": key, "school_id": key, "name": payload}),
        (schema.networks, {"site_id": key, "cidr": payload[:64], "name": payload, "added": NOW}),
        (schema.agents, {
            "agent_id": key, "site_id": key, "name": payload, "version": payload, "sealing_key": b"", "enrolled": NOW,
            "network_limits": "[]", "certificate_serial": "1", "certificate_expires": NOW, "last_report": NOW,
            "numbers": json.dumps({payload: 1, "spool_pending_reports": 2}), "troubles": json.dumps([payload, payload]),
        }),
        (schema.lanes, {
            "lane_id": number, "agent_id": key, "site_id": key, "kind": "SOURCE", "address": "", "mac": "",
            "network": "", "source": payload, "method": "SNMP_V2C", "relayed": False, "first_observed": NOW,
            "last_observed": NOW,
        }),
        (schema.contents, {"digest": key.encode(), "compressed": zlib.compress(content), "size_bytes": 9}),
        (schema.evidence, {
            "evidence_id": number, "lane_id": number, "group_name": payload[:64], "outcome": "COMPLETE",
            "detail": payload, "digest": key.encode(), "first_observed": NOW, "last_observed": NOW, "receive_time": NOW,
            "stream_id": key, "sequence": 1,
        }),
        (schema.devices, {
            "device_id": key, "created": NOW, "school_id": key, "site_id": key, "class": "printer", "maker": payload,
            "model": payload, "serial": payload, "firmware": payload, "name": payload, "address": "10.0.0.1",
            "mac": payload[:23], "os": payload, "first_seen": NOW, "last_seen": NOW, "last_agent": key,
            "last_method": "SNMP_V2C",
        }),
        (schema.meetings, {
            "device_id": key, "lane_id": number, "address": "10.0.0.1", "first_seen": NOW, "last_seen": NOW,
        }),
        (schema.identifiers, {
            "identifier_id": number, "device_id": key, "kind": "SERIAL", "value": payload[:255],
            "lane_id": number, **history,
        }),
        (schema.decisions, {
            "decision_id": number, "device_id": key, "verdict": "new", "lane_id": number, "reason": payload,
            "recorded_from": NOW,
        }),
        (schema.unread, {
            "unread_id": number, "lane_id": number, "group_name": payload[:64], "locator": payload, "rule": payload,
            "reason": payload, "recorded_from": NOW,
        }),
    ]  # fmt: skip
    rows += [
        (schema.ages, {
            "age_id": number * 2 + place, "device_id": key, "component": component, "recorded_from": NOW,
            "assessed": assessment(payload),
        })
        for place, component in enumerate(("", f"battery/{payload}"))
    ]  # fmt: skip
    for table, row in rows:
        connection.execute(table.insert(), base | row)
    for place, (component, name) in enumerate([("", "maker"), ("", payload[:64]), (f"disk/{payload}", "serial")]):
        row = {
            "fact_id": number * 10 + place, "device_id": key, "lane_id": number, "component": component, "name": name,
            "value": json.dumps(payload), "unit": payload[:32], "weight": 50, "chosen": True, "rule": payload[:128],
            "group_name": payload[:64], "locator": payload, **history,
        }  # fmt: skip
        connection.execute(schema.facts.insert(), base | row)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One trust for the harmless text, one for all payloads."""
    store = fresh_store(tmp_path_factory.mktemp("hostile") / "store.db")
    world = set_up(store)
    for number, payload in enumerate((HARMLESS, *PAYLOADS), 1):
        store.write(lambda c, key=str(number), text=payload: fill(c, world.trust_id, key, text))  # type: ignore[misc]
    yield world
    store.close()


class Tree(HTMLParser):
    """The elements of a page with the names of their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(("/" + tag,))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment", data))

    def unknown_decl(self, data: str) -> None:
        self.elements.append(("declaration", data))


def addresses(number: int) -> tuple[str, ...]:
    return f"/schools/{number}", f"/devices/{number}", f"/evidence/{number}"


async def test_no_payload_changes_the_elements_of_any_page(hostile: World) -> None:
    async with browser(hostile) as client:
        await sign_in(hostile, client)
        harmless = [Tree((await client.get(path)).text) for path in addresses(1)]
        for number, payload in enumerate(PAYLOADS, 2):
            for path, expected in zip(addresses(number), harmless, strict=True):
                answer = await client.get(path)
                assert answer.status_code == 200, (path, payload)
                tree = Tree(answer.text)
                lines = {"span", "/span"} if path.startswith("/evidence") else set()
                kept = [[e for e in found if e[0] not in lines] for found in (tree.elements, expected.elements)]
                assert kept[0] == kept[1], (path, payload)
                check_text("".join(tree.text))


async def test_no_payload_changes_the_pages_that_list_them_all(hostile: World) -> None:
    allowed_images = {("img", "src", "alt", "width", "height")}
    async with browser(hostile) as client:
        await sign_in(hostile, client)
        for path in ("/", "/devices", "/agents", "/devices?q=<script>", "/devices?q=%00%1b", "/devices?class=printer"):
            tree = Tree((await client.get(path)).text)
            assert {e for e in tree.elements if e[0] == "img"} == allowed_images
            assert not [e for e in tree.elements if e[0] in ("script", "svg", "style", "base", "iframe", "comment")]
            assert not [name for e in tree.elements for name in e[1:] if name.startswith("on") or name == "style"]
            check_text("".join(tree.text))


def check_text(text: str) -> None:
    """No control, direction, private or unassigned character is left, besides line breaks of ours."""
    assert not {c for c in text if unicodedata.category(c)[0] == "C" and c != "\n"}


async def test_the_interface_gives_each_payload_back_exactly(hostile: World) -> None:
    async with browser(hostile) as client:
        await sign_in(hostile, client)
        for number, payload in enumerate(PAYLOADS, 2):
            answer = await client.get(f"/api/v1/devices/{number}")
            assert answer.content.isascii()
            assert answer.json()["device"]["row"]["name"] == payload


async def test_a_payload_in_a_belief_of_age_is_on_the_page_as_text(hostile: World) -> None:
    async with browser(hostile) as client:
        await sign_in(hostile, client)
        page = Tree((await client.get("/devices/2")).text)
    assert ("table", "class", "role") in page.elements
    assert "".join(page.text).count(PAYLOADS[0]) > 30
    assert page.elements.count(("svg", "class", "viewbox", "preserveaspectratio", "role", "focusable")) == 10


async def test_no_payload_reaches_the_metrics_beside_the_names_of_schools(hostile: World) -> None:
    async with browser(hostile) as client:
        await sign_in(hostile, client)
        lines = (await client.get("/metrics")).text.splitlines()
    assert not [line for line in lines if "alert(1)" in line and not line.startswith("stocktake_school_info{")]
    assert not [line for line in lines if line.startswith("evil")]


@pytest.mark.parametrize(
    "path", ["/<script>alert(1)</script>", "/devices?class=<script>alert(1)</script>", "/devices?from=<b>"]
)
async def test_what_a_link_carries_is_not_repeated_as_markup(hostile: World, path: str) -> None:
    async with browser(hostile) as client:
        await sign_in(hostile, client)
        answer = await client.get(path)
        assert answer.status_code in (400, 404)
        assert not [e for e in Tree(answer.text).elements if e[0] in ("script", "b")]


def test_templates_hold_no_script_and_no_style_of_their_own() -> None:
    templates = Path(__file__).parents[3] / "collector" / "web" / "templates"
    for file in templates.glob("*.html"):
        source = file.read_text("utf-8").lower()
        for forbidden in ("<script", "<style", " style=", "javascript:", "| safe", "|safe", "autoescape", " onclick"):
            assert forbidden not in source, (file.name, forbidden)
