"""Letters to clinics, reminders of requests, numbers of acts."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from opora.access.scope import enter
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Outgoing, Refused
from opora.complaints import letters, matters, services
from opora.complaints.models import ActNumbering, Control, RecordsRequest, Reminder
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE
from opora.knowledge.templating import reword_template
from opora.shared import documents

PERSONAL = ("Соловьёва", "Полина", "14.03.1985", "5476410835001236")


def words(content: bytes, to: str) -> str:
    if to == "docx":
        return "\n".join(paragraph.text for paragraph in Document(BytesIO(content)).paragraphs)
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.mark.parametrize("to", ["docx", "pdf"])
def test_a_request_is_a_letter(go: Any, play: Play, to: str) -> None:
    row = play.asked()
    answer = go("sp3", f"/complaints/letters/requests/{row.pk}/{to}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, documents.TYPES[to])
    text = " ".join(words(answer.content, to).split())
    for part in (row.number, "Соловьёва-Седая Полина Андреевна", f"{row.due_on:%d.%m.%Y}", "Карта", "326-ФЗ"):
        assert part in text
    assert "Лечили не то" not in text
    assert "алоба" not in text  # a clinic learns what to send, not that somebody complained


def test_an_organisation_words_its_own_request(play: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    row = play.asked()
    fields = "{номер запроса} {пациент} {период лечения} {документы} {ответить до}"
    reword_template(
        "records", organisation=place.alfa, version=0, about="Наш запрос", body=f"Пришлите: {fields}", by=cast.boris
    )
    letter = letters.of_request(row)
    assert letter.about == "Наш запрос"
    assert letter.body[0].startswith(f"Пришлите: {row.number} Соловьёва")


@pytest.mark.parametrize("to", ["docx", "pdf"])
def test_an_act_goes_with_a_letter(go: Any, play: Play, to: str) -> None:
    act = play.handed(LATE_CARE)
    answer = go("sp3", f"/complaints/letters/acts/{act.pk}/{to}/")
    text = " ".join(words(answer.content, to).split())
    assert act.act_number in text
    assert f"{act.claim_until:%d.%m.%Y}" in text


@pytest.mark.parametrize(("who", "status"), [("vera", 403), ("clerk", 403), ("timur", 403), ("op2", 200), (None, 302)])
def test_who_takes_a_letter(go: Any, play: Play, who: str | None, status: int) -> None:
    row = play.asked()
    assert go(who, f"/complaints/letters/requests/{row.pk}/pdf/").status_code == status
    assert go(who, f"/complaints/letters/requests/{row.pk}/exe/").status_code == (404 if status == 200 else status)


def noon(day: Any) -> datetime:
    """Noon of the clinic in Novosibirsk."""
    return datetime.combine(day, time(5), UTC)


@pytest.fixture
def mail(place: SimpleNamespace) -> Provider:
    place.clinic.email = "priem@poliklinika.example"
    place.clinic.save()
    return Provider.objects.create(
        organisation=place.alfa, slug="mail", title="Почта", kind="standin", channel="email",
        settings={"is_down": False, "share_lost": 0},
    )  # fmt: skip


def test_a_clinic_is_reminded_before_and_after_once_each(play: Play) -> None:
    row = play.asked()
    assert row.remind_on is not None
    assert services.remind(noon(row.remind_on - timedelta(days=1))) == 0
    for at, kinds in (
        (row.remind_on, ["before"]),
        (row.due_on, ["before"]),
        (row.due_on + timedelta(days=1), ["before", "late"]),
    ):
        services.remind(noon(at))
        assert services.remind(noon(at)) == 0
        assert list(Reminder.objects.order_by("at").values_list("kind", flat=True)) == kinds
    assert set(Reminder.objects.values_list("way", flat=True)) == {"inbox"}
    assert row.case.events.filter(kind="reminded").count() == 2


def test_nobody_is_reminded_at_night_or_of_what_is_answered(play: Play) -> None:
    row = play.asked()
    late = row.due_on + timedelta(days=1)
    assert services.remind(datetime.combine(late, time(20), UTC)) == 0
    play.as_(play.clerk, services.answer, row.pk, text="Карта передана")
    assert services.remind(noon(late)) == 0


def test_two_workers_remind_once(play: Play) -> None:
    row = play.asked()
    services.remind(noon(row.due_on + timedelta(days=1)))
    former = Reminder.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(request=row, kind=former.kind, due_on=former.due_on, way="inbox")


def test_a_returned_request_is_reminded_of_anew(play: Play) -> None:
    row = play.asked()
    services.remind(noon(row.due_on + timedelta(days=1)))
    play.as_(play.clerk, services.answer, row.pk, text="Вот")
    play.as_(play.expert, services.send_back, row.pk, why="Нет снимка")
    RecordsRequest.objects.filter(pk=row.pk).update(due_on=row.due_on + timedelta(days=7))
    assert services.remind(noon(row.due_on + timedelta(days=8))) == 1


def test_a_letter_names_nobody(play: Play, mail: Provider) -> None:
    row = play.asked()
    one = Reminder(request=row, kind="late", due_on=row.due_on, way="mail")
    letter = services.reminding.message(one)
    said = f"{letter.subject} {letter.text}"
    assert row.number in said
    assert f"/complaints/requests/{row.pk}/" in said
    assert not [name for name in PERSONAL if name in said]


def test_a_clinic_with_an_address_gets_a_letter(play: Play, mail: Provider, monkeypatch: Any) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(services.reminding, "_send", lambda link, some, now: sent.extend(some))
    row = play.asked()
    services.remind(noon(row.due_on + timedelta(days=1)))
    [(reminder, letter)] = sent
    assert (reminder.way, letter.to) == ("mail", "priem@poliklinika.example")


class Carrier:
    """A gateway that takes one letter and refuses what comes after it."""

    def __init__(self, kind: str) -> None:
        self.taken: list[Outgoing] = []

    @asynccontextmanager
    async def session(self, link: Any, on_receipts: Any) -> AsyncIterator[Any]:
        yield self

    async def send_all(self, letters: Sequence[Outgoing]) -> list[Answer]:
        refused = [Refused(one.reference, "550", is_permanent=True) for one in letters[1:]]
        return [Accepted(letters[0].reference, ("1",)), *refused]


def test_what_became_of_a_letter_is_kept(play: Play, mail: Provider, monkeypatch: Any) -> None:
    monkeypatch.setattr(services.reminding, "gateway", Carrier)
    row = play.asked()
    play.as_(
        play.expert, services.ask, play.case.pk, provider=play.place.clinic, patient="Соловьёва", birth_on=None,
        conditions="hospital", care_from=row.care_from, care_to=row.care_to, wanted="Карта стационара",
    )  # fmt: skip
    at = noon(row.due_on + timedelta(days=1))
    assert services.remind(at) == 2
    assert set(Reminder.objects.values_list("sent_at", "fault")) == {(None, "550"), (at, "")}


def test_the_desk_of_the_clinic_says_what_is_near_and_late(play: Play, cast: SimpleNamespace) -> None:
    row = play.asked()
    today = timezone.localdate()
    said = []
    for remind_in, due_in in ((1, 3), (0, 3), (-3, -1)):
        remind_on, due_on = today + timedelta(days=remind_in), today + timedelta(days=due_in)
        RecordsRequest.objects.filter(pk=row.pk).update(remind_on=remind_on, due_on=due_on)
        with enter(cast.clerk.scope):
            said.append([(one.state, one.text) for one in matters.asked_of_clinic(cast.clerk)])
    assert said == [
        [("now", "Запросы документов: 1")],
        [("today", "Скоро срок ответа на запросы документов: 1")],
        [("late", "Запросы документов с прошедшим сроком: 1")],
    ]


def written(play: Play, row: Control, number: str = "") -> str:
    today = timezone.localdate()
    act = play.as_(play.expert, services.write_act, row.pk, number=number, on=today, conclusion="Всё есть")
    return str(act.act_number)


def test_acts_are_numbered_by_the_program(play: Play, experts: SimpleNamespace, place: SimpleNamespace) -> None:
    first = play.assigned()
    year = timezone.localdate().year
    assert written(play, first) == f"1/{year}"
    assert written(play, first) == f"1/{year}"
    second = play.as_(play.expert, services.assign, first.request_id, kind="mee", expert=experts.mee)
    undone = transaction.savepoint_create()
    assert written(play, second) == f"2/{year}"
    transaction.savepoint_rollback(undone)
    assert written(play, second) == f"2/{year}"
    assert ActNumbering.objects.get(organisation=place.alfa).last == 2


def test_a_number_typed_by_hand_is_passed_over(play: Play, experts: SimpleNamespace) -> None:
    first = play.assigned()
    year = timezone.localdate().year
    assert written(play, first, f"1/{year}") == f"1/{year}"
    second = play.as_(play.expert, services.assign, first.request_id, kind="mee", expert=experts.mee)
    assert written(play, second) == f"2/{year}"
