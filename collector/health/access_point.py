"""Access point: whether its controller has it, as the controller's own table says."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, State

ASPECT = "access point"
CLASS = "access point"
WORDS = {
    **dict.fromkeys(("associated", "up", "online", "connected", "registered", "run", "running", "operational", "normal",
                     "joined", "ok"), State.OK),
    **dict.fromkeys(("downloading", "upgrading", "rebooting", "discovered", "standby"), State.WARNING),
    **dict.fromkeys(("disassociating", "disassociated", "down", "offline", "disconnected", "lost", "fault", "failed",
                     "idle", "not joined", "unregistered", "config failed", "download failed"), State.CRITICAL),
}  # fmt: skip


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for an access point that a controller tells of; one that nobody controls says nothing."""
    status = known.of().get("status")
    if known.device_class != CLASS or status is None:
        return
    word = str(status.value).lower()
    state = WORDS.get(word, State.UNKNOWN)
    sentence = f"its controller says: {word[:64]}"
    yield Finding(state, sentence, readings=("status",), observed=status.observed)
