"""The raw EDID (VESA E-EDID) of each attached monitor.

Nothing here knows what an EDID says. A connector without a monitor, or with one that does not answer, is left out.
"""

from __future__ import annotations

from agent.host._windows import WindowsApi
from agent.host._world import NotAskedError, World, plain
from stocktake.values import EdidBlock, EdidBlocks

GROUP = "edid"
NOTHING = EdidBlocks(())

_DRM = "sys/class/drm"
_EDID_OCTETS = 256 * 128  # E-EDID: a base block and up to 255 extensions
_DISPLAYS = r"SYSTEM\CurrentControlSet\Enum\DISPLAY"
_PRESENT = r"SYSTEM\CurrentControlSet\Services\monitor\Enum"


def read(world: World) -> EdidBlocks:
    """The monitors attached now."""
    if world.platform == "linux":
        return EdidBlocks(_linux(world))
    if world.platform == "win32":
        return EdidBlocks(_windows(world))
    raise NotAskedError


def _linux(world: World) -> tuple[EdidBlock, ...]:
    """By connector. `card0-` is left off: cards are numbered anew at each boot, connectors are unique without it."""
    found = [(name, world.octets(f"{_DRM}/{name}/edid", _EDID_OCTETS)) for name in world.names(_DRM)]
    return tuple(EdidBlock(plain(name.partition("-")[2] or name), block) for name, block in found if block)


def _windows(world: World) -> tuple[EdidBlock, ...]:
    """By instance. The registry remembers every monitor that was ever attached; the driver knows which are present."""
    api = world.windows()
    try:
        instances = _present(api)
    except FileNotFoundError:
        world.missed("which monitors are attached now (all that were ever attached are listed)")
        instances = _ever(api)
    found = [(instance, _block(api, instance)) for instance in instances]
    return tuple(EdidBlock(plain(instance), block) for instance, block in found if block)


def _present(api: WindowsApi) -> list[str]:
    r"""The instances that the monitor driver holds, `DEL40A3\5&2c03a83c&0&UID262147`."""
    values = [value for value in api.values(_PRESENT).values() if isinstance(value, str)]
    return sorted(value[len("DISPLAY\\") :] for value in values if value.upper().startswith("DISPLAY\\"))


def _ever(api: WindowsApi) -> list[str]:
    try:
        models = api.keys(_DISPLAYS)
    except FileNotFoundError:
        return []
    return sorted(f"{model}\\{instance}" for model in models for instance in api.keys(f"{_DISPLAYS}\\{model}"))


def _block(api: WindowsApi, instance: str) -> bytes:
    try:
        block = api.values(f"{_DISPLAYS}\\{instance}\\Device Parameters").get("EDID", b"")
    except FileNotFoundError:
        return b""
    return block[:_EDID_OCTETS] if isinstance(block, bytes) else b""
