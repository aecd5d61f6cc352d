"""The kit of `kit_estate` with a catalogue and what is said of its schools, and an owner who looks at it."""

from __future__ import annotations

from datetime import date

from kit_estate import NOW, Made, furnish
from sqlalchemy import delete
from web_estate import World, set_up

from collector.profiling import WHOLE_TRUST, bringing, saying
from collector.store import Store, Transaction
from collector.store import schema as t

CATALOGUE = b"""class,use,maker,models,from,until,successor,note
laptop,,HP,ProBook 450 G9; ProBook 450 G10,01/09/2023,,,
laptop,,HP,EliteBook 840*,,31/08/2023,HP ProBook 450 G10,
switch,,HPE Aruba,2930F*,,,,
"""


def with_kit(store: Store) -> tuple[World, Made]:
    """A trust of three schools with kit and nothing said of it."""
    world = set_up(store)
    made = furnish(store, world.trust_id)
    world.school_ids = dict(zip(("ash", "elm", "oak"), made.school_ids, strict=True))
    return world, made


def as_new(world: World, made: Made) -> None:
    """The catalogue, and what is said of Ash, as if nobody had changed it."""

    def write(connection: Transaction) -> None:
        for table in (t.catalogue_entries, t.school_facts, t.profile_thresholds):
            connection.execute(delete(table))
        bringing.catalogue(connection, made.trust_id, CATALOGUE, actor="ada", now=NOW)
        said = {"pupils": "210", "support_hours": "6", "digital_lead": "Ms Lead", "technician": "J. Fixit",
                "shared": "filtering"}  # fmt: skip
        saying.say(
            connection, made.trust_id, made.school_ids[0], said, as_of=date(2026, 10, 1), source="census", actor="ada",
            now=NOW,
        )  # fmt: skip
        saying.say(connection, made.trust_id, WHOLE_TRUST, {"shared": "broadband"}, actor="ada", now=NOW)

    world.store.write(write)
