"""Every sample gives what is expected of it through a real import too. A new sample folder needs no new code."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from opora.appeals.models import Appeal, Event
from opora.exchange.engine import examine
from opora.exchange.findings import Outcome
from opora.exchange.format import Content
from opora.exchange.lists import BATCHES
from opora.exchange.models import Provenance, SentRecord
from opora.exchange.models.parcel import Way
from opora.exchange.parcels import Coming, answer_of, document, process, receive_file
from opora.exchange.tests.sent import note
from opora.exchange.tests.test_samples import CASES, CONTEXT, keyed
from opora.informing.models import Roll
from opora.organisations.models import Organisation

JOURNAL = {"g1r-journal-xml", "g1-journal-xlsx"}
KEPT_BY_KEY = {*JOURNAL, "users-xml"}
STORED = {*KEPT_BY_KEY, *BATCHES}
ANSWERS = {"rpl-answer-dspn-prof", "prm-oshib-pr-answer", "vlg-answers-r02-r12-d02"}  # they make no list
OF_FORMAT = {slug: list(cases) for slug, cases in groupby(CASES, lambda case: case.parent.name)}


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


@pytest.mark.parametrize("slug", OF_FORMAT)
def test_samples_of_a_format(slug: str, channels: dict[str, Any]) -> None:
    for case in OF_FORMAT[slug]:
        with alone(case):
            import_of(case, channels)


@contextmanager
def alone(case: Path) -> Iterator[None]:
    """Each case starts from the same house and names itself when it fails."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except AssertionError as failed:
        failed.add_note(f"case {case.parent.name}/{case.name}")
        raise


def import_of(case: Path, channels: dict[str, Any]) -> None:
    expected = json.loads((case / "expected.json").read_text())
    wanted, path = expected["expect"], case / expected["file"]
    organisation = channels[channel_of(expected, *examine(path, CONTEXT))]
    day = date.fromisoformat(expected["as_of"])
    assumed = sent(expected, organisation)

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
    answered = SentRecord.objects.filter(answered_by=first).count()
    if expected["format"] in ANSWERS:
        assert (answered, Roll.objects.count()) == (assumed, 0)
    else:
        assert Roll.objects.count() == (is_stored and expected["format"] in BATCHES)
    appeals, events = Appeal.objects.count(), Event.objects.count()
    assert appeals == (wanted["accepted"] if is_stored and expected["format"] in JOURNAL else 0)
    second = load()
    assert document(second) == found
    assert answer_of(second) == answer_of(first)
    assert (Appeal.objects.count(), Event.objects.count()) == (appeals, events)
    assert SentRecord.objects.filter(answered_by=first).count() == answered


def sent(expected: dict[str, Any], organisation: Organisation) -> int:
    """Send what the case assumes to be sent; return how many records."""
    assumed = expected.get("assumes", {}).get("sent", [])
    for one in assumed:
        note(organisation, one["file"], one["keys"])
    return sum(len(one["keys"]) for one in assumed)


def test_no_sample_is_left_out() -> None:
    assert sum(map(len, OF_FORMAT.values())) == len(CASES) >= 160
