"""Commands that correct the register, list corrections, and make test cases of devices that had to be corrected."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from collector import show
from collector.cli.frame import Arguments, add, command, execute, trust_of
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store, Transaction, corrections, evidence, places, register

CELLS = {
    "class": "what kind of device it is",
    "maker": "who made it",
    "model": "its model",
    "name": "what it is called",
    "made": "when it was made: 2016, 2016-09 or 2016-09-14",
}


def _correct(settings: Config, arguments: Arguments) -> int:
    cells = {cell: getattr(arguments, f"cell_{cell}") for cell in CELLS}
    said = {"device": arguments.device, "cells": cells, "reason": arguments.reason, "alike": arguments.alike}
    print(execute(settings, "correct", said))
    return 0


def _list(settings: Config, arguments: Arguments) -> int:
    with Store.glance(settings.store_url) as connection:
        found = corrections.listed(connection, trust_of(connection), ended=arguments.ended, limit=10_000)
    print(show.corrections_table(found))
    return 0


def _export(settings: Config, arguments: Arguments) -> int:
    """Write the test case of a device into a folder of its own; nothing there is written over."""
    from collector.corrections import specimen  # noqa: PLC0415 - all knowledge, needed here alone

    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        contents = _answers(connection, trust_id, arguments.device)
        detail = register.device(connection, trust_id, arguments.device)
        words = _words(connection)
    corrected = {one.cell: one.value for one in (detail.corrections if detail else ())}
    made = specimen.make(contents, corrected, words, secrets.token_bytes(32))
    if made is None:
        raise CollectorError(f"nothing that {arguments.device} itself answered to SNMP is kept")
    folder = _write(arguments.folder / made.folder, made.files())
    print(f"{folder}: what it answered, with made-up names, serial numbers and addresses")
    print("look it through before it leaves the house, then put it into tests/devices")
    if made.odd:
        print(f"made-up values changed what is read as its {', '.join(made.odd)}: correct {specimen.EXPECTED} by hand")
    return 0


def _answers(connection: Transaction, trust_id: str, device_id: str) -> Any:
    """What a device itself answered to SNMP, by group; CollectorError where there is no such device."""
    from collector import reading  # noqa: PLC0415 - as above

    detail = register.device(connection, trust_id, device_id)
    if detail is None:
        raise CollectorError(f"no device has the id {device_id}: see 'stocktake-collector devices'")
    lane_id = corrections.walked(connection, trust_id, detail.row.device_id)
    if lane_id is None:
        return {}
    contents, _ = reading.decode(evidence.lane(connection, trust_id, lane_id))
    return contents


def _words(connection: Transaction) -> list[str]:
    """Names of the trust and its schools, which devices are often named after."""
    trusts = places.trust_ids(connection)
    named = [place for trust_id, _ in trusts for place in places.places(connection, trust_id)]
    return [*(name for _, name in trusts), *(place.school_name for place in named)]


def _write(folder: Path, files: dict[str, str]) -> Path:
    try:
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, "ascii")
    except FileExistsError:
        raise CollectorError(f"{folder} is there already: name another folder, or move it away") from None
    except OSError as error:
        raise CollectorError(f"{folder} cannot be written: {error.strerror}") from None
    return folder


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    correct = add(
        group, "correct", _correct, "say what the register is to say of a device, beside what the evidence says"
    )
    correct.add_argument("device", metavar="DEVICE", help="a device's id")
    correct.add_argument("--alike", action="store_true",
                         help="of every device of which the evidence says the same class, maker and model")  # fmt: skip
    for cell, meaning in CELLS.items():
        correct.add_argument(f"--{cell}", dest=f"cell_{cell}", default="", metavar=cell.upper(), help=meaning)
    correct.add_argument("--reason", required=True, help="why: it stands beside the correction")
    listed = add(group, "corrections", _list, "list what people corrected")
    listed.add_argument("--ended", action="store_true", help="what was taken back or replaced instead")
    one = group.add_parser("correction", help="undo a correction, or make a test case of a corrected device")
    acts = one.add_subparsers(required=True, metavar="ACT", title="acts")
    undo = add(acts, "undo", command("correction_undo", "correction"), "take a correction back")
    undo.add_argument("correction", metavar="ID", help="see 'stocktake-collector corrections'")
    export = add(acts, "export", _export, "write a device's answers, in disguise, as a test case for a knowledge file")
    export.add_argument("device", metavar="DEVICE", help="a device's id")
    export.add_argument("folder", type=Path, metavar="FOLDER", help="where a folder MAKER-MODEL is made")
