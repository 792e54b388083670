"""What regional lists say becomes rows: people are found, every kind of fact reaches its table."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from opora.exchange.lists.kbr import ids_of
from opora.exchange.tests.test_lists_stored import read, settle
from opora.informing.incoming import Batch, Named
from opora.informing.loading import Loaded, load
from opora.informing.models import Entry, Observation, Referral, Reported, Visit
from opora.insured.models import Person

STORED = [
    ("psk-plan-csv/02", Entry, 9),
    ("ch15-individual-informing-json/04", Reported, 1),
    ("ch15-individual-informing-json/04", Observation, 2),
    ("prm-prof59-quarter/03", Entry, 8),
    ("krl-hospitalisation-referral/01", Referral, 1),
    ("kk-evfactinfos-soap/05", Reported, 6),
    ("opora-informing-csv/03", Entry, 1),
    ("opora-informing-csv/03", Visit, 2),
]


def store(place: SimpleNamespace, case: str, batch: Batch) -> Loaded:
    return load(batch, organisation=place.fund, format=case.partition("/")[0], name=case)


@pytest.mark.parametrize(
    ("case", "model", "count"), STORED, ids=[f"{case}-{model.__name__}" for case, model, _ in STORED]
)
def test_every_record_reaches_its_table(place: SimpleNamespace, case: str, model: Any, count: int) -> None:
    batch = read(case)
    settle(place, replace(batch, contacts=[*batch.contacts, *batch.visits]))  # type: ignore[list-item]
    loaded = store(place, case, batch)
    rows = model.objects.filter(roll=loaded.roll)
    assert (loaded.unmatched, rows.count()) == (0, count)
    assert not rows.filter(person=None).exists()


def test_both_informings_of_one_case_are_kept_under_its_two_ids(place: SimpleNamespace) -> None:
    batch = read("kbr-dpo-informing-answer/03")
    who: Named = batch.contacts[0].who
    Person.objects.create(
        surname="Ли", given_name="Вэй", birth_on="1963-02-01", sex=1, enp=who.enp, territory=place.nsk,
        insurer=place.alfa, provider=place.clinic,
    )  # fmt: skip
    loaded = store(place, "kbr-dpo-informing-answer/03", batch)
    keys = list(Reported.objects.filter(roll=loaded.roll).values_list("key", flat=True))
    assert len(keys) == 2
    assert {ids_of(key) for key in keys} == {
        ("4a718e5f-e823-42c6-99b4-4575bdb3b911", "2740d72c-98e5-4a6d-8385-f60ccc6b6573")
    }
