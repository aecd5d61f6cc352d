"""Agent: whether the agent on a device reports, keeps up, drops nothing and has a clock that is right."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Agent, Dossier, Finding, State, above

ASPECT = "agent"
#: number that an agent tells of itself → how people say it; each has a threshold `<number>_warning` and `…_critical`
NUMBERS = {"spool_oldest_seconds": "its oldest report has waited for {:.0f} seconds",
           "clock_skew_seconds": "its clock is wrong by {:.0f} seconds"}  # fmt: skip


def judge(known: Dossier) -> Iterator[Finding]:
    """Findings of a device on which an agent runs."""
    agent = known.agent
    if agent is None:
        return
    if agent.last_report is None:
        yield Finding(State.UNKNOWN, "its agent has never reported", observed=known.now)
        return
    minutes = max((known.now - agent.last_report).total_seconds() / 60, 0)
    state = above(
        minutes, known.limit(ASPECT, "silent_warning_minutes"), known.limit(ASPECT, "silent_critical_minutes")
    )
    yield Finding(state, f"its agent reported {_ago(minutes)} ago", observed=known.now)
    yield from _numbers(known, agent)


def _numbers(known: Dossier, agent: Agent) -> Iterator[Finding]:
    for name, words in NUMBERS.items():
        value = agent.numbers.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
            state = above(abs(value), *(known.limit(ASPECT, f"{name}_{word}") for word in ("warning", "critical")))
            if state is not State.OK:
                yield Finding(state, words.format(abs(value)), observed=known.now)
    if agent.troubles:
        yield Finding(State.WARNING, f"it tells of {agent.troubles} troubles", observed=known.now)


def _ago(minutes: float) -> str:
    return f"{minutes / 1440:.0f} days" if minutes >= 2880 else f"{minutes:.0f} minutes"
