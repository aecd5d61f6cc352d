"""Printer: what keeps it from printing: paper, doors, jams, trays (HOST-RESOURCES-MIB, RFC 2790; Printer-MIB)."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, State, Told, called

ASPECT = "printer"
CLASSES = ("printer", "label printer")
#: hrPrinterDetectedErrorState: what stops it, and what will soon
STOPS = frozenset({"no paper", "no toner", "door open", "jammed", "offline", "service requested", "supply missing",
                   "input tray missing", "output tray missing", "output full"})  # fmt: skip
SOON = frozenset({"low paper", "low toner", "output near full", "input tray empty", "overdue maintenance"})


def judge(known: Dossier) -> Iterator[Finding]:
    """What the printer complains of, and its trays and covers; nothing of devices that are no printers."""
    if known.device_class not in CLASSES:
        return
    problems, status = known.of().get("problems"), known.of().get("status")
    parts = [*_parts(known)]
    yield from parts
    if problems is not None:
        yield from _problems(problems)
    elif status is not None:
        yield Finding(State.OK, "it complains of nothing", readings=("status",), observed=status.observed)
    elif not parts:
        yield Finding(State.UNKNOWN, "it does not tell how it is")


def _problems(told: Told) -> Iterator[Finding]:
    said = [word.strip() for word in str(told.value).split(",")]
    known = [word for word in said if word in STOPS or word in SOON]
    worst = State.CRITICAL if STOPS & set(known) else State.WARNING if known else State.OK
    sentence = f"it complains: {', '.join(known)}" if known else "it complains of nothing"
    yield Finding(worst, sentence, readings=("problems",), observed=told.observed)


def _parts(known: Dossier) -> Iterator[Finding]:
    for first, word in (("tray", "empty"), ("cover", "open")):
        for component, told in known.parts(first):
            if "status" in told and told["status"].value == word:
                sentence = f"{called(component, told)} is {word}"
                yield Finding(State.WARNING, sentence, component, (f"{component} status",), told["status"].observed)
