"""From many appeals to «прекратилось»: the path of a finding, and what is refused on it."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.scope import enter
from opora.appeals.intake import NewParty
from opora.appeals.models import Bundle
from opora.findings import counting, letters, services
from opora.findings.errors import (
    AlarmLooked,
    FindingChanged,
    FindingClosed,
    FindingsError,
    NoSuchFinding,
    NotYours,
    TooEarly,
    WordsNeeded,
    WrongDates,
)
from opora.findings.models import Alarm, Day, Finding, FindingEvent
from opora.findings.tests.conftest import Journal
from opora.shared import documents

TODAY = timezone.localdate()


class Play:
    """Steps of a finding as its people make them."""

    def __init__(self, cast: SimpleNamespace, place: SimpleNamespace) -> None:
        self.cast, self.place = cast, place
        self.finding: Finding

    def as_(self, who: Any, do: Any, *given: Any, **more: Any) -> Any:
        with enter(who.scope), transaction.atomic():
            return do(*given, **more, by=who)

    def do(self, service: Any, **more: Any) -> Any:
        return self.as_(self.cast.sp3, service, self.finding.pk, **more)

    def open(self, **more: Any) -> Finding:
        given = {
            "provider": self.place.clinic,
            "what": "topic",
            "code": "t-quality",
            "cause": "Нет врача с июля",
            "since": TODAY - timedelta(days=20),
            "until": TODAY,
        }
        self.finding = self.as_(self.cast.sp3, services.open_finding, **{**given, **more})
        return self.finding

    def decided(self) -> None:
        on = TODAY - timedelta(days=5)
        self.do(services.decide, decision="violation", ground="323-ФЗ, ст. 10", decided_on=on)

    def written(self, **more: Any) -> None:
        self.decided()
        self.do(services.write_letter, text="Просим устранить.", on=TODAY - timedelta(days=5), **more)

    def stage(self) -> str:
        self.finding.refresh_from_db()
        return self.finding.stage


@pytest.fixture
def play(journal: Journal, chained: Callable[[], None], cast: SimpleNamespace, place: SimpleNamespace) -> Play:
    who = NewParty(surname="Соловьёва-Седая", given_name="Полина")
    journal.complaint(place.clinic, parties=[who])
    journal.complaint(place.clinic)
    journal.complaint(place.clinic2)
    journal.complaint(place.clinic, by=cast.vera)
    chained()
    counting.follow()
    return Play(cast, place)


def counts(play: Play, day: date, number: int) -> None:
    cell = {"territory": play.place.nsk.pk, "provider_id": play.place.clinic.pk, "insurer_id": play.place.alfa.pk}
    Day.objects.create(**cell, day=day, what="topic", code="t-quality", kind="complaint", number=number, over=0)


def test_the_whole_path(play: Play) -> None:
    finding = play.open()
    assert finding.number == f"54001-СН-{TODAY:%y}-001"
    assert finding.gathered.count() == 2, "its own appeals to this clinic"
    assert play.stage() == "opened"
    play.decided()
    assert play.stage() == "letter"
    play.do(services.write_letter, text="Просим устранить.", on=TODAY - timedelta(days=5))
    assert play.stage() == "reply"
    play.as_(play.cast.clerk, services.answer, finding.pk, text="Врач принят")
    assert play.stage() == "measures"
    measured = TODAY - timedelta(days=4)
    play.do(services.note_measures, text="Врач принят", on=measured, follow_on=TODAY - timedelta(days=1))
    assert play.stage() == "watched"

    counts(play, TODAY - timedelta(days=12), 60)
    assert services.follow_due() == 1
    assert services.follow_due() == 0
    finding.refresh_from_db()
    assert (finding.trend, finding.before, finding.after) == ("stopped", 60, 0)
    assert (finding.before_days, finding.after_days) == (17, 3)
    play.do(services.close)
    assert play.stage() == "closed"
    told = list(FindingEvent.objects.order_by("at", "id").values_list("kind", flat=True))
    assert told == ["opened", "gathered", "decided", "written", "replied", "measured", "followed", "closed"]


def test_it_goes_on(play: Play) -> None:
    play.open()
    play.written()
    play.do(services.note_measures, text="Обещали", on=TODAY - timedelta(days=4), follow_on=TODAY + timedelta(days=9))
    counts(play, TODAY - timedelta(days=12), 30)
    counts(play, TODAY - timedelta(days=2), 30)
    play.do(services.follow_up)
    play.finding.refresh_from_db()
    assert play.finding.trend == "continues"


def test_no_violation_ends_it_and_it_may_be_opened_again(play: Play) -> None:
    play.open()
    play.do(services.decide, decision="none", ground="Жалобы не подтвердились")
    assert play.stage() == "closed"
    with pytest.raises(FindingClosed):
        play.do(services.gather, numbers=["1"])
    play.do(services.reopen, why="Новые жалобы")
    assert play.stage() == "opened"


REFUSED = [
    ("decide", {"decision": "violation", "ground": "  "}, WordsNeeded),
    ("decide", {"decision": "violation", "ground": "Есть", "decided_on": TODAY + timedelta(days=1)}, WrongDates),
    ("decide", {"decision": "violation", "ground": "Есть", "decided_on": date(2020, 1, 1)}, WrongDates),
    ("write_letter", {"text": "Просим"}, TooEarly),
    ("note_reply", {"text": "Ответ"}, TooEarly),
    ("note_measures", {"text": "Меры", "on": TODAY, "follow_on": TODAY + timedelta(days=1)}, TooEarly),
    ("follow_up", {}, TooEarly),
    ("close", {}, TooEarly),
    ("gather", {"numbers": ["54002-26-000001"]}, FindingsError),
    ("gather", {"numbers": []}, FindingsError),
    ("remove", {"number": "нет", "why": "Ошибка"}, FindingsError),
    ("note", {"text": ""}, WordsNeeded),
    ("note", {"text": "Да", "version": 99}, FindingChanged),
]


@pytest.mark.parametrize(("service", "given", "refusal"), REFUSED)
def test_what_is_refused(play: Play, service: str, given: dict[str, Any], refusal: type[Exception]) -> None:
    play.open()
    with pytest.raises(refusal):
        play.do(getattr(services, service), **given)
    assert play.stage() == "opened"


LETTERS = [
    ({"text": ""}, WordsNeeded),
    ({"text": "Полис 5412 3456 7890 1234"}, FindingsError),
    ({"text": "Телефон +7 900 000-00-01"}, FindingsError),
    ({"text": "Соловьёвой-Седой отказали в приёме"}, FindingsError),
    ({"text": "Просим", "on": TODAY - timedelta(days=9)}, WrongDates),
    ({"text": "Просим", "on": TODAY + timedelta(days=1)}, WrongDates),
    ({"text": "Просим", "reply_until": TODAY - timedelta(days=9)}, WrongDates),
]


@pytest.mark.parametrize(("given", "refusal"), LETTERS)
def test_a_letter_names_nobody_and_keeps_its_order(play: Play, given: Any, refusal: type[Exception]) -> None:
    play.open()
    play.decided()
    with pytest.raises(refusal):
        play.do(services.write_letter, **given)


def test_a_letter_is_written_once_and_the_decision_stays(play: Play) -> None:
    play.open()
    play.written()
    for service, given in (
        (services.write_letter, {"text": "Ещё раз"}),
        (services.decide, {"decision": "none", "ground": "Передумали"}),
    ):
        with pytest.raises(TooEarly):
            play.do(service, **given)
    with pytest.raises(WrongDates):
        play.do(services.note_reply, text="Раньше письма", on=TODAY - timedelta(days=9))
    with pytest.raises(WordsNeeded):
        play.do(services.close)


def test_the_paper_holds_what_was_written(play: Play) -> None:
    finding = play.open()
    play.decided()
    finding.refresh_from_db()
    words = letters.draft(finding, number=2, limit="14 рабочих дней")
    assert "2\u00a0обращения" in words
    assert "Соловьёв" not in words
    play.do(services.write_letter, text=words)
    finding = Finding.objects.select_related("made_by", "provider", "signed_by").get()
    for form in ("pdf", "docx"):
        assert len(documents.letter(letters.paper(finding), form)) > 2000  # type: ignore[arg-type]


def test_a_clinic_sees_its_letter_only_when_it_was_written(play: Play) -> None:
    finding = play.open()

    def seen() -> tuple[bool, bool]:
        with enter(play.cast.clerk.scope):
            return Finding.objects.filter(pk=finding.pk).exists(), FindingEvent.objects.exists()

    assert seen() == (False, False)
    with pytest.raises(NoSuchFinding):
        play.as_(play.cast.clerk, services.answer, finding.pk, text="Мы не видим")
    play.written()
    assert seen() == (True, False)
    play.as_(play.cast.clerk, services.answer, finding.pk, text="Приняли")
    with pytest.raises(TooEarly):
        play.as_(play.cast.clerk, services.answer, finding.pk, text="И ещё")


def test_another_insurer_sees_nothing_and_the_fund_only_reads(play: Play) -> None:
    finding = play.open()
    with enter(play.cast.vera.scope):
        assert not Finding.objects.exists()
    with enter(play.cast.op2.scope):
        assert Finding.objects.exists()
    with pytest.raises(NotYours):
        play.as_(play.cast.op2, services.note, finding.pk, text="Фонд")
    with pytest.raises(RightMissing):
        play.as_(play.cast.alina, services.note, finding.pk, text="Без права")


def test_open_appeals_become_a_bundle_of_the_journal(play: Play) -> None:
    finding = play.open()
    play.do(services.bundle_open)
    made = Bundle.objects.get()
    assert made.appeals.count() == 2
    finding.refresh_from_db()
    assert finding.bundle == made
    with pytest.raises(FindingsError):
        play.do(services.bundle_open)


def test_appeals_are_added_and_taken_out_by_number(play: Play, journal: Journal) -> None:
    play.open()
    more = journal.complaint(play.place.clinic2)
    play.do(services.gather, numbers=[more.number])
    assert play.finding.gathered.count() == 3
    play.do(services.remove, number=more.number, why="Другая причина")
    assert play.finding.gathered.count() == 2


OPENINGS = [
    ({"cause": " "}, WordsNeeded),
    ({"since": TODAY, "until": TODAY - timedelta(days=1)}, WrongDates),
    ({"since": TODAY + timedelta(days=3), "until": TODAY + timedelta(days=4)}, WrongDates),
    ({"what": "x"}, FindingsError),
]


@pytest.mark.parametrize(("given", "refusal"), OPENINGS)
def test_a_finding_is_refused_without_what_it_needs(play: Play, given: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        play.open(**given)
    with pytest.raises(FindingsError):
        play.open(provider=play.place.authority)


def test_an_alarm_is_looked_at_once(play: Play, alarm: Alarm) -> None:
    finding = play.open(alarm=alarm)
    assert finding.alarm == alarm
    with pytest.raises(AlarmLooked):
        play.as_(play.cast.sp3, services.dismiss, alarm.pk, why="Не то")
    with pytest.raises(AlarmLooked):
        play.open(alarm=alarm)


def test_an_alarm_of_an_insurer_is_not_the_funds_to_close(play: Play, alarm: Alarm) -> None:
    with pytest.raises(NoSuchFinding):
        play.as_(play.cast.op2, services.dismiss, alarm.pk, why="Фонд")


def test_an_alarm_is_dismissed_with_words(play: Play, alarm: Alarm) -> None:
    with pytest.raises(WordsNeeded):
        play.as_(play.cast.sp3, services.dismiss, alarm.pk, why="")
    play.as_(play.cast.sp3, services.dismiss, alarm.pk, why="Одна семья написала десять раз")
    alarm.refresh_from_db()
    assert alarm.look == "dismissed"


def test_rows_of_a_finding_stay(play: Play) -> None:
    finding = play.open()
    for rows in (Finding.objects.filter(pk=finding.pk), FindingEvent.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete("default")
