"""The declared table of who may ask for what. A path that is not in it does not exist."""

from __future__ import annotations

from collector.access import Right
from collector.web import api
from collector.web.door import By, Entry
from collector.web.pages import agents, device, devices, entering, estate, evidence, hand, network, plain

SEE, NUMBERS, ASK = Right.SEE_REGISTER, Right.SEE_METRICS, Right.ASK_AGENTS

ENTRIES = (
    Entry("GET", "/healthz", plain.health, By.NOBODY, None),
    Entry("GET", "/static/{name}", plain.static, By.NOBODY, None),
    Entry("GET", "/enter/{secret}", entering.link, By.NOBODY, None),
    Entry("POST", "/enter/{secret}", entering.enter, By.NOBODY, None),
    Entry("POST", "/leave", entering.leave, By.SESSION, SEE),
    Entry("GET", "/", estate.page, By.SESSION, SEE),
    Entry("GET", "/devices", devices.page, By.SESSION, SEE),
    Entry("GET", "/devices/{device_id}", device.page, By.SESSION, SEE),
    Entry("GET", "/schools/{school_id}", devices.school_page, By.SESSION, SEE),
    Entry("GET", "/schools/{school_id}/map", network.page, By.SESSION, SEE),
    Entry("POST", "/devices/{device_id}/look", hand.look_at_device, By.SESSION, ASK),
    Entry("POST", "/devices/{device_id}/try", hand.try_credential, By.SESSION, ASK),
    Entry("POST", "/schools/{school_id}/look", hand.look_at_network, By.SESSION, ASK),
    Entry("POST", "/schools/{school_id}/pause", hand.pause, By.SESSION, ASK),
    Entry("POST", "/schools/{school_id}/resume", hand.resume, By.SESSION, ASK),
    Entry("GET", "/wishes/{wish_id}", hand.page, By.SESSION, ASK),
    Entry("GET", "/agents", agents.page, By.SESSION, SEE),
    Entry("GET", "/evidence/{evidence_id}", evidence.page, By.SESSION, SEE),
    Entry("GET", "/evidence/{evidence_id}/raw", evidence.raw, By.SESSION, SEE),
    Entry("GET", "/api/v1/schools", api.schools, By.SESSION_OR_TOKEN, SEE),
    Entry("GET", "/api/v1/devices", api.devices, By.SESSION_OR_TOKEN, SEE),
    Entry("GET", "/api/v1/devices/{device_id}", api.device, By.SESSION_OR_TOKEN, SEE),
    Entry("GET", "/api/v1/evidence/{evidence_id}", api.evidence, By.SESSION_OR_TOKEN, SEE),
    Entry("GET", "/metrics", plain.numbers, By.SESSION_OR_TOKEN, NUMBERS),
    Entry("GET", "/metrics/schools/{school_id}", plain.school_numbers, By.SESSION_OR_TOKEN, NUMBERS),
)
