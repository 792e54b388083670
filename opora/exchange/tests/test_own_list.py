"""Our own list: forgiving to hands, strict to facts; the template is a file it can read."""

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from opora.exchange.engine import examine
from opora.exchange.formats.own_cells import read_cell
from opora.exchange.lists import batch_of
from opora.exchange.lists.own_words import FIELD_OF, HEADINGS, MEANING, WORDS
from opora.exchange.tests.test_samples import CONTEXT, SAMPLES
from opora.exchange.writers.lists import LIST_WRITERS, Outgoing
from opora.exchange.writers.own import FIELDS, rows_of, template
from opora.informing.incoming import Batch, IncomingContact, IncomingEntry, IncomingVisit, Named
from opora.informing.words import Channel, Measure, Outcome, Sequence

TODAY = date(2026, 6, 15)
OUT = Outgoing(sender="81001", made_at=datetime(2026, 6, 10, tzinfo=ZoneInfo("Europe/Moscow")))
GOOD = [
    ("birth_on", "1.12.85", "1985-12-01"),
    ("birth_on", "20 июля 1952 г.р.", "1952-07-20"),
    ("visit_from", "15.09.26", "2026-09-15"),
    ("informed_on", "2026-05-14", "2026-05-14"),
    ("phone", "8 (900) 000-14-75", "+79000001475"),
    ("phone", "9000001475, +7 900 000-14-76", "+79000001475; +79000001476"),
    ("phone", "'+7 900 000-14-75", "+79000001475"),
    ("enp", "8155 4408-7299 6016", "8155440872996016"),
    ("month", "май", "5"),
    ("month", "05.2026", "5"),
    ("quarter", "III кв.", "3"),
    ("year", "2026 год", "2026"),
    ("measure", "ДВ4", "screening"),
    ("measure", "Углубленная диспансеризация", "extended"),
    ("channel", "SMS", "sms"),
    ("outcome", "отказалась", "refused"),
    ("sequence", "повторно", "repeat"),
    ("surname", "СОЛОВЬЁВА-СЕДАЯ", "Соловьёва-Седая"),
]
BAD = [
    ("birth_on", "30.02.1964"),
    ("birth_on", "16.06.2026"),
    ("visited_on", "да"),
    ("visited_on", "вчера"),
    ("enp", "8155440872996017"),
    ("measure", "флюорография"),
    ("month", "13"),
    ("quarter", "5"),
    ("year", "26"),
    ("provider", "Поликлиника № 17"),
    ("sex", "ср."),
]


@pytest.mark.parametrize(("field", "text", "value"), GOOD, ids=[f"{field}-{text}" for field, text, _ in GOOD])
def test_a_cell_is_read_as_it_is_meant(field: str, text: str, value: str) -> None:
    told = read_cell(field, text, TODAY)
    assert (told.value, told.fault) == (value, "")


@pytest.mark.parametrize(("field", "text"), BAD, ids=[f"{field}-{text}" for field, text in BAD])
def test_a_cell_that_says_nothing_sure_is_refused(field: str, text: str) -> None:
    assert read_cell(field, text, TODAY).fault


def test_a_doubt_keeps_the_person() -> None:
    assert read_cell("phone", "2-15-15", TODAY).doubt
    assert read_cell("snils", "999-103-556 60", TODAY) == ("", "", "Контрольное число СНИЛС не сходится")


def test_no_writing_means_two_things() -> None:
    assert len(FIELD_OF) == sum(len({*names}) for names in HEADINGS.values())
    for field, (words, others) in WORDS.items():
        for member, texts in others.items():
            for text in texts:
                assert MEANING[field][text] == member, (field, text)
        assert {MEANING[field][value] for value in words.values} == set(words.values)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_read_and_holds_nobody(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"opora-informing.{kind}"
    path.write_bytes(template(kind))
    outcome, content = examine(path, CONTEXT)
    assert (outcome.format, content.records) == (f"opora-informing-{kind}", [])
    assert [one.message for one in outcome.findings] == ["В файле нет ни одной строки с человеком"]


def test_a_row_may_be_a_plan_a_talk_and_a_visit() -> None:
    outcome, content = examine(SAMPLES / "opora-informing-csv/03/opora-informing_81001_20260610_3.csv", CONTEXT)
    batch = batch_of(outcome, content)
    assert [[one.key for one in many] for many in (batch.entries, batch.contacts, batch.visits)] == [
        ["11"], ["11", "12"], ["11", "13"],
    ]  # fmt: skip
    assert (batch.contacts[0].outcome, batch.contacts[1].sequence) == (Outcome.DELIVERED, Sequence.REPEAT)
    assert batch.visits[0].on == date(2026, 5, 28)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_told_is_lost_and_no_formula_is_made(tmp_path: Path, kind: str) -> None:
    who = Named(
        surname="Цой", given_name="Юрий", birth_on=date(1974, 11, 5), sex=1, enp="8155440872996016",
        snils="99910354964", phones=("+79000005204", "222-15-15"), email="person7@example.org", address="ул. Мира, 1",
        insurer_code="81001",
    )  # fmt: skip
    entry = IncomingEntry(
        place=1, key="а-1", who=who, measure=Measure.EXTENDED, year=2026, month=8, quarter=3, provider_code="810017",
        sequence=Sequence.FIRST, inform_by=date(2026, 7, 20), visit_from=date(2026, 8, 1), visit_to=date(2026, 8, 31),
        note="=1+1",
    )  # fmt: skip
    contact = IncomingContact(
        place=1, key="а-1", who=who, measure=Measure.EXTENDED, channel=Channel.ROBOT, on=date(2026, 6, 1),
        sequence=Sequence.FIRST, outcome=Outcome.UNDECIDED, provider_code="810017", note="-да; \"нет\"",
    )  # fmt: skip
    visit = IncomingVisit(
        place=1, key="а-1", who=who, measure=Measure.EXTENDED, on=date(2026, 6, 10), provider_code="810017", result="2"
    )
    batch = Batch(entries=[entry], contacts=[contact], visits=[visit], year=2026)
    writer = LIST_WRITERS[f"opora-informing-{kind}"]
    path = tmp_path / writer.name(OUT)
    path.write_bytes(writer.write(batch, OUT))
    outcome, content = examine(path, CONTEXT)
    assert (outcome.is_accepted, outcome.rejected) == (True, 0), outcome.findings
    assert batch_of(outcome, content) == batch
    assert (b"'=1+1" in path.read_bytes()) == (kind == "csv")


def test_two_talks_of_one_record_are_two_rows() -> None:
    who = Named(enp="8155440872996016")
    one = IncomingContact(place=1, key="1", who=who, measure=Measure.CHECKUP, channel=Channel.SMS, on=TODAY)
    assert len(list(rows_of(Batch(contacts=[one, one])))) == 2


def test_the_columns_of_the_template_are_all_that_can_be_said() -> None:
    assert set(HEADINGS) - set(FIELDS) == {"full_name"}


def test_the_template_is_given_to_those_who_may_see_files(people: SimpleNamespace, channels: dict[str, Any]) -> None:
    client = Client()
    assert client.get("/exchange/template/xlsx/").status_code == 302
    client.force_login(people.admin81001, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/exchange/template/xlsx/")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert client.get("/exchange/template/exe/").status_code == 404
    assert "/exchange/template/csv/" in client.get("/exchange/new/").content.decode()
