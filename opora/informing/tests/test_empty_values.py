"""One name only, no line of the insurer: what is measured at the plan is what is sent, nothing goes half empty."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from opora.channels.models import Provider
from opora.informing import merge, recipients
from opora.informing.dispatch import batches
from opora.informing.models import Template, Touch
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.texts.figures import figure
from opora.informing.words import Exclude
from opora.insured.models import Person
from opora.organisations.models import HotLine

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # a Tuesday, noon in Novosibirsk
NAMES = [
    ("Планова", "Анна", ""),
    ("Планова", "Анна", "Петровна"),
    ("Ж" * 60, "", ""),
    ("Ж" * 60, "", "Петровна"),
    ("", "Анна", ""),
]


@pytest.mark.parametrize("field", ["имя", "имя_отчество"])
def test_a_text_is_as_long_as_it_was_measured(place: SimpleNamespace, field: str) -> None:
    some = people(place, len(NAMES), clinics=[place.clinic])
    planned(place, some)
    for person, (surname, given, patronymic) in zip(some, NAMES, strict=True):
        Person.objects.filter(pk=person.pk).update(surname=surname, given_name=given, patronymic=patronymic)
    made = campaign(place)
    said = f"{{{field}}}, " + "ж" * 60
    Template.objects.filter(measure="checkup", channel="sms", organisation=place.alfa).update(text=said)
    _, found = launch(made.pk, by=None)
    read = {pk: len(merge.render(said, values)) for pk, values in recipients.people([one.pk for one in some]).items()}
    assert found.longest == max(read.values())
    parts = dict(Touch.objects.values_list("person_id", "segments"))
    assert parts == {pk: 1 if length <= 70 else -(-length // 67) for pk, length in read.items()}


def test_a_value_lost_since_the_plan_ends_the_touch(place: SimpleNamespace) -> None:
    provider = Provider.objects.create(organisation=place.alfa, slug="a", title="А", kind="smpp", channel="sms")
    planned(place, people(place, 2))
    line = HotLine.objects.create(organisation=place.alfa, phone="88001000000")
    made = campaign(place)
    Template.objects.filter(measure="checkup", channel="sms", organisation=place.alfa).update(text="{имя}: {телефон}")
    launch(made.pk, by=None)
    Touch.objects.update(not_before=NOON)
    line.delete()
    batch = batches.claim(batches.going("bulk")[0], provider.link(), ["Asia/Novosibirsk"], now=NOON)
    assert (batch.messages, batch.taken) == ([], 2)
    assert set(Touch.objects.values_list("state", flat=True)) == {"failed"}


@pytest.mark.parametrize("clinic", [True, False])
def test_an_insurer_without_a_line_sends_no_text_that_names_it(place: SimpleNamespace, *, clinic: bool) -> None:
    some = people(place, 2)
    if not clinic:
        Person.objects.update(provider=None)
    planned(place, Person.objects.filter(pk__in=[one.pk for one in some]))
    made = campaign(place)
    Template.objects.filter(measure="checkup", channel="sms", organisation=place.alfa).update(text="{имя}: {телефон}")
    assert launch(made.pk, by=None)[1].excluded == {Exclude.EMPTY_FIELD: 2}
    assert figure("{имя}: {телефон}", "sms", made).lacking == 2
