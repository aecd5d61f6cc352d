"""Commands that erase, and that say who is a guest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from collector import passing, privacy, schools
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.facts import text
from collector.intake import vault
from collector.privacy import Means, Plan, Wanted
from collector.store import Transaction, tombstones
from collector.store.tombstones import Tombstone


def means(desk: Desk) -> Means:
    """What erasing needs of this collector."""
    return Means(vault.Vault(desk.config.key_file), vault.seal_erased, desk.config.erasures)


def erase(desk: Desk, kind: str, value: str, reason: str, keep_away: bool = False, dry_run: bool = False) -> str:  # noqa: FBT001, FBT002 - as the command line has them
    """Erase a MAC, a serial number, a UUID or a device everywhere; with `dry_run`, say what would go."""
    wanted = Wanted(kind, value)
    if dry_run:
        with desk.store.reader() as connection:
            return "\n".join(_foreseen(privacy.plan(connection, desk.trust_id, wanted)))
    done = privacy.erase(
        desk.store, desk.trust_id, wanted, means(desk), actor="console", reason=reason, now=desk.clock(),
        keep_away=keep_away,
    )  # fmt: skip
    return "\n".join(_told(done))


def again(desk: Desk) -> str:
    """After a backup was restored, erase again whatever was erased before."""
    done = privacy.erase_again(desk.store, desk.trust_id, means(desk), desk.clock())
    lines = [line for each in done for line in _told(each)]
    return "\n".join([*lines, f"{len(done):,} erasures were carried out again"])


def listed(desk: Desk) -> str:
    """What was erased, when and why; never what it was."""
    with desk.store.reader() as connection:
        found = tombstones.all_of(connection, desk.trust_id)
    lines = [
        f"{each.erasure_id}  {each.made:%Y-%m-%d %H:%M}  a {each.kind}  {'kept away  ' if each.kept_away else ''}"
        f"{each.waiting} agents have yet to do it  {each.reason}"
        for each in found
    ]
    return "\n".join([*lines, f"{len(found):,} erasures"])


def release(desk: Desk, erasure_id: str) -> str:
    """No longer keep away what an erasure was of."""

    def write(connection: Transaction) -> str:
        if not tombstones.release(connection, desk.trust_id, erasure_id):
            raise CollectorError(f"nothing is kept away by {text(erasure_id, 36)}: see 'stocktake-collector erasures'")
        return f"what {erasure_id} was of may come again"

    return desk.store.write(write)


def guest(desk: Desk, school: str, network: str, tracked: bool = False) -> str:  # noqa: FBT001, FBT002 - as the command line has them
    """Say that everybody on a network is a guest: counted, not tracked."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        place = schools.find(connection, desk.trust_id, school)
        where = (place.site_id, network)
        passing.set_guest(connection, desk.trust_id, where, guest=not tracked, actor="console", now=now)
        return f"{place.school_name}: whoever is on {network} is {'tracked' if tracked else 'counted, not tracked'}"

    return desk.store.write(write)


def _foreseen(plan: Plan) -> Iterator[str]:
    yield from (f"  {name}: {count:,} rows" for name, count in plan.found.counts().items())
    if plan.shared:
        yield f"{plan.shared} marks are shared with other devices or identify nothing, and would stay"
    yield from (f"device {device_id} would go whole" for device_id in plan.whole)
    yield f"{len(plan.devices):,} devices would be touched; nothing was erased"


def _told(done: Tombstone) -> Iterator[str]:
    yield from (f"  {name}: {count:,} rows" for name, count in sorted(done.counts.items()))
    for each in done.devices:
        what = "is erased whole" if each.whole else "keeps its row without it"
        since = f"{each.since:%Y-%m-%d %H:%M} UTC"
        yield f"device {each.device_id} {what}: its rows in exports since {since} no longer match"
    yield f"erased, as {done.erasure_id}; agents erase it from their spools at their next Sync"


COMMANDS: dict[str, Callable[..., str]] = {
    "erase": erase,
    "erase_again": again,
    "erasures": listed,
    "release": release,
    "guest": guest,
}
