"""UPS: whether it runs on its battery, for how long it would, how much it carries, and how its last test ended.

The DfE asks that a UPS keeps servers and network running for 30 minutes (Meeting digital and technology standards in
schools and colleges: server and storage standards; network switching standards).
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, State, Told, above, below, number

ASPECT = "ups"
BATTERY = "battery/ups"
SOURCES = {
    "normal": (State.OK, "it runs on mains"),
    "booster": (State.OK, "it runs on mains and raises the voltage"),
    "reducer": (State.OK, "it runs on mains and lowers the voltage"),
    "bypass": (State.WARNING, "it is in bypass: nothing protects what hangs on it"),
    "battery": (State.CRITICAL, "it runs on its battery"),
    "none": (State.CRITICAL, "it gives no power"),
}
TESTS = {"passed": State.OK, "warning": State.WARNING, "failed": State.CRITICAL}


def judge(known: Dossier) -> Iterator[Finding]:
    """Findings of a UPS; nothing of other devices."""
    battery = known.of(BATTERY)
    if known.device_class != "ups" and not battery:
        return
    found = [*_source(known, battery.get("seconds_on_battery")), *_numbers(known), *_test(known)]
    yield from found
    if not found:
        yield Finding(State.UNKNOWN, "it tells neither what it runs on nor for how long its battery would last")


def _source(known: Dossier, seconds: Told | None) -> Iterator[Finding]:
    source = known.of().get("output_source")
    on_battery = number(seconds)
    if source is not None and str(source.value) in SOURCES:
        state, sentence = SOURCES[str(source.value)]
        if source.value == "battery" and on_battery:
            sentence = f"it has run on its battery for {round(on_battery / 60)} minutes"
        yield Finding(state, sentence, "", ("output_source",), source.observed, at_once=True)
    elif seconds is not None and on_battery is not None:
        state = State.CRITICAL if on_battery > 0 else State.OK
        sentence = (
            f"it has run on its battery for {round(on_battery / 60)} minutes" if on_battery > 0 else "it runs on mains"
        )
        yield Finding(state, sentence, "", (f"{BATTERY} seconds_on_battery",), seconds.observed, at_once=True)


def _numbers(known: Dossier) -> Iterator[Finding]:
    runtime = known.of(BATTERY).get("runtime")
    if runtime is not None and (seconds := number(runtime)) is not None and seconds >= 0:
        minutes = seconds / 60
        least = known.limit(ASPECT, "runtime_warning_minutes")
        # a limit that is met is met: the standard asks for 30 minutes, not for more than that
        state = below(minutes, _under(least), _under(known.limit(ASPECT, "runtime_critical_minutes")))
        sentence = f"its battery would last {round(minutes)} minutes; {least:.0f} are asked for"
        yield Finding(state, sentence, BATTERY, (f"{BATTERY} runtime",), runtime.observed)
    loads = [("", known.of().get("load")), *((name, told.get("load")) for name, told in known.parts("output"))]
    for component, told in loads:
        load = number(told)
        if told is not None and load is not None and 0 <= load <= 500:
            state = above(load, known.limit(ASPECT, "load_warning"), known.limit(ASPECT, "load_critical"))
            sentence = f"it carries {load:.0f} % of what it can"
            yield Finding(state, sentence, component, (f"{component} load".strip(),), told.observed)


def _under(limit: float) -> float:
    return limit - 1e-9


def _test(known: Dossier) -> Iterator[Finding]:
    told = known.of().get("self_test")
    if told is not None and str(told.value) in TESTS:
        state = TESTS[str(told.value)]
        yield Finding(state, f"its last self-test: {told.value}", "", ("self_test",), told.observed)
