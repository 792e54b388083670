"""Every sample gives what is expected of it through a real import too. A new sample folder needs no new code."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opora.appeals.models import Appeal, Event
from opora.exchange.engine import examine
from opora.exchange.findings import Outcome
from opora.exchange.format import Content
from opora.exchange.lists import BATCHES
from opora.exchange.models import Provenance
from opora.exchange.models.parcel import Way
from opora.exchange.parcels import Coming, answer_of, document, process, receive_file
from opora.exchange.tests.test_samples import CASES, CONTEXT, keyed
from opora.informing.models import Roll

JOURNAL = {"g1r-journal-xml", "g1-journal-xlsx"}
KEPT_BY_KEY = {*JOURNAL, "users-xml"}
STORED = {*KEPT_BY_KEY, *BATCHES}


def channel_of(expected: dict[str, Any], outcome: Outcome, content: Content) -> str:
    """Through whose channel a sample comes: said outright, by its header, by whom it names, or the fund's."""
    if "channel_org" in expected:
        return str(expected["channel_org"])
    if content.header.get("smo") in CONTEXT.organisations:
        return content.header["smo"]
    for one in outcome.records:
        guid = one.values.get("employee_1") or one.values.get("USER_UUID") or ""
        if guid.lower() in CONTEXT.employees:
            return CONTEXT.employees[guid.lower()]
    return "81000"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_sample(case: Path, channels: dict[str, Any]) -> None:
    expected = json.loads((case / "expected.json").read_text())
    wanted, path = expected["expect"], case / expected["file"]
    organisation = channels[channel_of(expected, *examine(path, CONTEXT))]
    day = date.fromisoformat(expected["as_of"])

    def load() -> Any:
        return process(receive_file(path, Coming(organisation, path.name, Way.COMMAND, as_of=day)).pk)

    first = load()
    found = document(first)
    assert (found["format"], found["result"]) == (expected["format"], wanted["file"]), found["findings"]
    for name in ("records_in_file", "accepted", "rejected", "warned"):
        assert found[name] == wanted[name], name
    assert keyed(found["findings"], wanted["findings"]) == keyed(wanted["findings"], wanted["findings"])
    is_stored = wanted["file"] == "accept" and expected["format"] in STORED
    assert found["stored"] is is_stored
    assert Provenance.objects.count() == (wanted["accepted"] if is_stored and expected["format"] in KEPT_BY_KEY else 0)
    assert Roll.objects.count() == (is_stored and expected["format"] in BATCHES)
    appeals, events = Appeal.objects.count(), Event.objects.count()
    assert appeals == (wanted["accepted"] if is_stored and expected["format"] in JOURNAL else 0)
    second = load()
    assert document(second) == found
    assert answer_of(second) == answer_of(first)
    assert (Appeal.objects.count(), Event.objects.count()) == (appeals, events)
