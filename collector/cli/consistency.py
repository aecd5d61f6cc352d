"""Commands about consistency and school profiles: the standard catalogue, how far from it, schools side by side."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector import profiling
from collector.benchmark import consistency
from collector.benchmark.consistency import Standing, Tally
from collector.cli.frame import Arguments, add, day_of, execute, trust_of
from collector.config import Config
from collector.profiling import bringing, saying
from collector.store import Store
from collector.store import consistency as rows

_DAYS = ("starts", "ends", "as_of")


def _consistency(settings: Config, arguments: Arguments) -> int:
    """Each class: devices, models, and how they stand to the catalogue."""
    del arguments
    with Store.glance(settings.store_url) as connection:
        kit = profiling.kit(connection, trust_of(connection), datetime.now(UTC))
    models = consistency.models(kit.things)
    for name, tally in sorted(consistency.tallies(kit.things, kit.catalogue, lambda thing: thing.device_class).items()):
        known = sum(1 for model in models if model.device_class == name and model.key)
        print(f"{name:20} {sum(tally.counts.values()):7,} devices  {known:4,} models  {_stands(tally)}")
    return 0


def _stands(tally: Tally) -> str:
    if not tally.known:
        return "no standard"
    counts = (tally.count(Standing.ON), tally.count(Standing.FORMER), tally.count(Standing.OFF))
    on, former, off = (f"{count:,}" for count in counts)
    return f"{on} on standard, {former} former, {off} off, {tally.count(Standing.UNKNOWN):,} of unknown model"


def _catalogue(settings: Config, arguments: Arguments) -> int:
    del arguments
    with Store.glance(settings.store_url) as connection:
        for one in rows.entries(connection, trust_of(connection)):
            use = f" for {one.use}" if one.use else ""
            span = f"{one.starts or 'always'} to {one.ends or 'further notice'}"
            print(f"{one.entry_id}  {one.device_class}{use}: {one.label}  {span}")
    return 0


def _profiles(settings: Config, arguments: Arguments) -> int:
    """Schools side by side: where each measure stands."""
    del arguments
    with Store.glance(settings.store_url) as connection:
        found = profiling.profiles(connection, trust_of(connection), datetime.now(UTC))
    for one in found:
        print(f"{one.figures.name}  {one.figures.devices:,} devices")
        for measure in one.measures:
            print(f"  {measure.sorted.value:9}  {measure.words:>10}  {measure.threshold.label}")
    return 0


def _run(name: str, *keys: str) -> Any:
    """A command that writes; days and the path of a file as text."""

    def run(settings: Config, arguments: Arguments) -> int:
        said = {key: getattr(arguments, key) for key in keys}
        said |= {key: said[key].isoformat() if said[key] else "" for key in keys if key in _DAYS}
        if "path" in said:
            said["path"] = str(arguments.path.absolute())
        print(execute(settings, name, said))
        return 0

    return run


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    add(group, "consistency", _consistency, "print how much alike the kit of schools is")
    listed = add(group, "catalogue", _catalogue, "print the standard catalogue; or change it")
    actions = listed.add_subparsers(required=False, metavar="ACTION", title="actions")
    keys = ("device_class", "maker", "models", "use", "starts", "ends", "successor", "note")
    made = add(actions, "add", _run("catalogue_add", *keys), "add a line, in place of one about the same")
    made.add_argument("device_class", metavar="CLASS", help="as laptop")
    made.add_argument("maker")
    made.add_argument("models", help="one, or several parted by semicolons; with * at its end, all that begin so")
    made.add_argument("--use", default="", help="a tag of records (default any use)")
    made.add_argument("--from", dest="starts", type=day_of, metavar="DAY", help="its first day, as 2026-09-01")
    made.add_argument("--until", dest="ends", type=day_of, metavar="DAY", help="its last day")
    made.add_argument("--successor", default="", help="maker and model of what is bought in its place")
    made.add_argument("--note", default="")
    gone = add(actions, "remove", _run("catalogue_remove", "entry"), "take a line out")
    gone.add_argument("entry", help="its id")
    brought = add(actions, "import", _run("catalogue_import", "path"), "take in a catalogue from a CSV or XLSX file")
    brought.add_argument("path", type=Path, metavar="FILE", help=f"with the headings {', '.join(bringing.CATALOGUE)}")
    _add_profiles(group)


def _add_profiles(group: Any) -> None:
    listed = add(group, "profile", _profiles, "print schools side by side; or say something of one")
    actions = listed.add_subparsers(required=False, metavar="ACTION", title="actions")
    said = add(actions, "say", _run("profile_say", "field", "value", "school", "as_of", "source"), "say something")
    said.add_argument("field", choices=tuple(saying.FIELDS))
    said.add_argument("value", help="empty: nothing is said any more")
    said.add_argument("--school", default="", help="by name, URN or id; without, of all schools")
    said.add_argument("--as-of", type=day_of, metavar="DAY", help="the day that a number is of")
    said.add_argument("--source", default="", help="where a number comes from")
    brought = add(actions, "import", _run("profile_import", "path"), "take in facts of schools from a CSV or XLSX file")
    brought.add_argument("path", type=Path, metavar="FILE", help=f"with the headings {', '.join(bringing.FACTS)}")
    held = add(
        actions, "threshold", _run("profile_threshold", "measure", "value", "reason"), "set a threshold of your own"
    )  # fmt: skip
    held.add_argument("measure", help="as old_share")
    held.add_argument("value", nargs="?", default="", help="shares in percent; without, as it comes with Stocktake")
    held.add_argument("--reason", default="")
