"""The declared table of who may ask for what. A path that is not in it does not exist."""

from __future__ import annotations

from collector.access import Right
from collector.web import api, forms, past, recording
from collector.web.door import By, Entry
from collector.web.pages import (
    agents,
    corrections,
    device,
    devices,
    entering,
    estate,
    evidence,
    hand,
    identity,
    network,
    places,
    plain,
    privacy,
    record,
    records,
    register_history,
    terms,
)

SEE, NUMBERS, ASK = Right.SEE_REGISTER, Right.SEE_METRICS, Right.ASK_AGENTS
EDIT = Right.EDIT_RECORDS
PLACES = Right.EDIT_PLACES
DECIDE = Right.DECIDE_IDENTITY
#: a box for each claim of a device
MANY_BOXES = forms.Takes(most=32_000, fields=1_000)
#: a file of term dates, which is at most 1 MB, and the form around it
TERM_DATES = forms.Takes(forms.Kind.FILES, 1_010_000)

ENTRIES = (
    Entry("GET", "/privacy", privacy.page, By.SESSION, Right.ERASE),
    Entry("POST", "/privacy/preview", privacy.preview, By.SESSION, Right.ERASE),
    Entry("POST", "/privacy/erase", privacy.erase, By.SESSION, Right.ERASE),
    Entry("GET", "/healthz", plain.health, By.NOBODY, None),
    Entry("GET", "/static/{name}", plain.static, By.NOBODY, None),
    Entry("GET", "/enter/{secret}", entering.link, By.NOBODY, None),
    Entry("POST", "/enter/{secret}", entering.enter, By.NOBODY, None),
    Entry("POST", "/leave", entering.leave, By.SESSION, SEE),
    Entry("GET", "/", estate.page, By.SESSION, SEE),
    Entry("GET", "/devices", devices.page, By.SESSION, SEE),
    Entry("GET", "/devices/{device_id}", device.page, By.SESSION, SEE),
    Entry("GET", "/questions", identity.queue, By.SESSION, SEE),
    Entry("POST", "/questions/{question_id}", identity.answer, By.SESSION, DECIDE),
    Entry("GET", "/devices/{device_id}/identity", identity.page, By.SESSION, SEE),
    Entry("POST", "/devices/{device_id}/merge", identity.merge, By.SESSION, DECIDE),
    Entry("POST", "/devices/{device_id}/split", identity.split, By.SESSION, DECIDE, MANY_BOXES),
    Entry("POST", "/decisions/{decision_id}/undo", identity.undo, By.SESSION, DECIDE),
    Entry("POST", "/words/{word_id}/take-back", identity.take_back, By.SESSION, DECIDE),
    Entry("GET", "/schools/{school_id}", devices.school_page, By.SESSION, SEE),
    Entry("GET", "/schools/{school_id}/map", network.page, By.SESSION, SEE),
    Entry("GET", "/schools/{school_id}/rooms", places.school_page, By.SESSION, SEE),
    Entry("POST", "/schools/{school_id}/rooms/add", places.add, By.SESSION, PLACES),
    Entry("POST", "/schools/{school_id}/rooms/tie", places.tie, By.SESSION, PLACES),
    Entry("POST", "/schools/{school_id}/rooms/remove", places.remove, By.SESSION, PLACES),
    Entry("POST", "/schools/{school_id}/rooms/accept", places.accept, By.SESSION, PLACES),
    Entry("POST", "/schools/{school_id}/change", places.change, By.SESSION, PLACES),
    Entry("GET", "/places", places.page, By.SESSION, SEE),
    Entry("POST", "/places/join", places.join, By.SESSION, PLACES),
    Entry("GET", "/calendar", terms.page, By.SESSION, SEE),
    Entry("POST", "/calendar/import", terms.bring, By.SESSION, PLACES, TERM_DATES),
    Entry("POST", "/calendar/forget", terms.forget, By.SESSION, PLACES),
    Entry("POST", "/devices/{device_id}/look", hand.look_at_device, By.SESSION, ASK),
    Entry("POST", "/devices/{device_id}/try", hand.try_credential, By.SESSION, ASK),
    Entry("POST", "/schools/{school_id}/look", hand.look_at_network, By.SESSION, ASK),
    Entry("POST", "/schools/{school_id}/pause", hand.pause, By.SESSION, ASK),
    Entry("POST", "/schools/{school_id}/resume", hand.resume, By.SESSION, ASK),
    Entry("GET", "/wishes/{wish_id}", hand.page, By.SESSION, ASK),
    Entry("GET", "/devices/{device_id}/record/edit", record.edit, By.SESSION, EDIT),
    Entry("POST", "/devices/{device_id}/record", record.save, By.SESSION, EDIT, recording.FORM),
    Entry("POST", "/devices/{device_id}/files", record.add_file, By.SESSION, EDIT, recording.FILE),
    Entry("GET", "/files/{document_id}", record.file, By.SESSION, SEE),
    Entry("POST", "/files/{document_id}/remove", record.remove_file, By.SESSION, EDIT),
    Entry("GET", "/records/new", records.new, By.SESSION, EDIT),
    Entry("POST", "/records/enter", records.enter, By.SESSION, EDIT, recording.FORM),
    Entry("GET", "/records/import", records.bring, By.SESSION, EDIT),
    Entry("POST", "/records/propose", records.propose, By.SESSION, EDIT, recording.FILE),
    Entry("GET", "/records/edit", records.many, By.SESSION, EDIT),
    Entry("POST", "/records/edit/propose", records.propose_many, By.SESSION, EDIT, recording.FORM),
    Entry("GET", "/records/changes/{change_id}", records.change, By.SESSION, EDIT),
    Entry("POST", "/records/changes/{change_id}/read", records.read_otherwise, By.SESSION, EDIT, recording.FORM),
    Entry("POST", "/records/changes/{change_id}/confirm", records.confirm, By.SESSION, EDIT),
    Entry("POST", "/records/changes/{change_id}/undo", records.undo, By.SESSION, EDIT),
    Entry("GET", "/register/history", register_history.page, By.SESSION, SEE),
    Entry("GET", "/register/history.csv", register_history.export, By.SESSION, SEE),
    Entry("POST", "/devices/{device_id}/correct", corrections.correct, By.SESSION, Right.CORRECT),
    Entry("GET", "/corrections", corrections.page, By.SESSION, SEE),
    Entry("POST", "/corrections/{correction_id}/undo", corrections.undo, By.SESSION, Right.CORRECT),
    Entry("GET", "/agents", agents.page, By.SESSION, SEE),
    Entry("GET", "/evidence/{evidence_id}", evidence.page, By.SESSION, SEE),
    Entry("GET", "/evidence/{evidence_id}/raw", evidence.raw, By.SESSION, SEE),
    Entry("GET", "/api/v1/schools", api.schools, By.SESSION_OR_TOKEN, SEE),
    Entry("GET", "/api/v1/devices", api.devices, By.SESSION_OR_TOKEN, SEE),
    Entry("GET", "/api/v1/devices/{device_id}", api.device, By.SESSION_OR_TOKEN, SEE),
    Entry("POST", "/api/v1/devices/{device_id}/record", api.record, By.SESSION_OR_TOKEN, EDIT, recording.JSON),
    Entry("GET", "/api/v1/register", past.register, By.SESSION_OR_TOKEN, SEE),
    Entry("GET", "/api/v1/evidence/{evidence_id}", api.evidence, By.SESSION_OR_TOKEN, SEE),
    Entry("GET", "/metrics", plain.numbers, By.SESSION_OR_TOKEN, NUMBERS),
    Entry("GET", "/metrics/schools/{school_id}", plain.school_numbers, By.SESSION_OR_TOKEN, NUMBERS),
    Entry("GET", "/sd/schools", plain.school_targets, By.SESSION_OR_TOKEN, NUMBERS),
)
