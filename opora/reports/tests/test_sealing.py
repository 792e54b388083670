"""A sealed report stays the same bytes whatever happens to its facts; what happened makes the next version."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.audit.models import AuditLine
from opora.informing.models import Informed
from opora.reports import following, hashes, proving
from opora.reports.errors import AlreadySealed, NotYourSubject, PeriodNotOver
from opora.reports.models import AppealFact, Change, DisputeFact, MeasureFact, ReasonFact, Seal
from opora.reports.periods import Days, Period
from opora.reports.sealed import of_text
from opora.reports.services import sealing
from opora.reports.services.sealing import seal
from opora.reports.sources import SOURCES
from opora.reports.subjects import Subject
from opora.reports.tests.conftest import Facts

pytestmark = pytest.mark.django_db
MARCH = Period.read("2024-03")


@pytest.fixture
def whole(place: SimpleNamespace) -> Subject:
    return Subject(place.nsk.pk, None, place.nsk.name, place.nsk.pk)


@pytest.fixture
def of_alfa(place: SimpleNamespace) -> Subject:
    return Subject(place.nsk.pk, place.alfa.pk, place.alfa.name, place.alfa.code)


def test_a_seal_says_who_when_and_over_what(facts: Facts, whole: Subject, head: Any) -> None:
    for _ in range(3):
        facts.appeal()
    facts.measure("10.25")
    made = seal("small-form", whole, MARCH, by=head)
    assert (made.number, made.sealed_by_name, made.insurer_id) == (1, head.full_name, None)
    assert (made.since, made.until) == (date(2023, 3, 1), date(2024, 3, 31))
    assert {name: told["rows"] for name, told in made.sources.items()} == {"appeals": 3, "contacts": 0, "measures": 1}
    assert AuditLine.objects.get(action="reports.seal").details["number"] == 1
    with pytest.raises(AlreadySealed):
        seal("small-form", whole, MARCH, by=head)


def test_what_comes_later_is_in_the_next_version(facts: Facts, whole: Subject, head: Any) -> None:
    kept, moved, gone = facts.appeal(), facts.appeal(), facts.appeal()
    first = seal("small-form", whole, MARCH, by=head)
    AppealFact.objects.filter(pk=moved.pk).update(form="written", outcome="considered")
    AppealFact.objects.filter(pk=gone.pk).delete()
    facts.appeal(date(2024, 3, 31))
    facts.appeal(date(2024, 4, 1), registered_on=date(2024, 4, 1))  # of another month: no seal covers it
    facts.contact()
    assert sorted(Change.objects.values_list("source", flat=True)) == ["appeals", "appeals", "appeals", "contacts"]
    assert proving.verify_seals() == proving.Proved(1)

    second = seal("small-form", whole, MARCH, by=head, note="Пришли поздние сведения")
    assert second.number == 2
    told = {(one.table, one.row, one.column): (one.was, one.now) for one in sealing.differences(first, second)}
    assert told["1", "3", "oral"] == (3, 2)
    assert told["1", "3", "written"] == (0, 1)
    assert told["3", "1", "n"] == (0, 1)
    assert second.corrections == [vars_of(one) for one in sealing.differences(first, second)]
    assert list(sealing.versions("small-form", whole, MARCH, head)) == [second, first]
    assert proving.verify_seals() == proving.Proved(2)

    behind = {one.key: one.how for one in proving.reasons(second, [("1", "3", "oral")], head)}
    assert behind == {str(moved.pk): "went", str(gone.pk): "went", str(UUID(int=4)): "came"}
    assert str(kept.pk) not in behind
    both = {one.key: one for one in proving.reasons(second, [("1", "3", "oral"), ("1", "3", "written")], head)}
    assert {key: one.how for key, one in both.items()} == behind | {str(moved.pk): "changed"}
    changed = both[str(moved.pk)]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["form"], changed.after["form"]) == ("oral", "written")
    assert (both[str(gone.pk)].after, both[str(UUID(int=4))].before) == (None, None)


def vars_of(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("table", "row", "column", "was", "now")}


def test_a_seal_of_an_insurer_covers_its_work_and_what_is_about_it(
    facts: Facts, of_alfa: Subject, place: SimpleNamespace, head: Any
) -> None:
    mine, others = facts.appeal(), facts.appeal(insurer_id=place.beta.pk)
    about = facts.appeal(insurer_id=0, about_id=place.alfa.pk)
    made = seal("small-form", of_alfa, MARCH, by=head)
    assert made.insurer_id == place.alfa.pk
    for one in (mine, others, about):
        AppealFact.objects.filter(pk=one.pk).update(stage="in_work")
    assert set(Change.objects.values_list("key", flat=True)) == {str(mine.pk), str(about.pk)}


def test_the_fund_alone_is_not_the_territory(facts: Facts, place: SimpleNamespace, whole: Subject, head: Any) -> None:
    alone = Subject(place.nsk.pk, 0, place.fund.name, place.fund.code)
    facts.appeal(insurer_id=0, performer="fund")
    assert seal("small-form", alone, MARCH, by=head).number == 1
    assert seal("small-form", whole, MARCH, by=head).number == 1
    AppealFact.objects.update(form="written")
    assert proving.verify_seals() == proving.Proved(2)


def test_who_may_seal_what_and_when(facts: Facts, whole: Subject, of_alfa: Subject, head: Any, cast: Any) -> None:
    with pytest.raises(RightMissing):
        seal("small-form", of_alfa, MARCH, by=cast.alina)
    with pytest.raises(NotYourSubject):
        seal("small-form", whole, MARCH, by=cast.boris)
    assert seal("small-form", of_alfa, MARCH, by=cast.boris).sealed_by == cast.boris
    today = timezone.localdate() + timedelta(days=1)
    with pytest.raises(PeriodNotOver):
        seal("small-form", whole, Period("2024-03", date(2024, 3, 1), today), by=head)


def test_a_changed_body_or_a_lost_change_is_named(facts: Facts, whole: Subject, head: Any) -> None:
    one = facts.appeal()
    made = seal("small-form", whole, MARCH, by=head)
    with untold("reports_appealfact"):
        AppealFact.objects.filter(pk=one.pk).update(outcome="granted")  # in no cell, but in the rows
    assert "строки «обращения в отчётах»" in proving.verify_seals().faults[0]
    with untold("reports_appealfact"):
        AppealFact.objects.filter(pk=one.pk).update(outcome="")
    assert proving.verify_seals() == proving.Proved(1)
    with untold("reports_seal"):
        Seal.objects.filter(pk=made.pk).update(body=made.body.replace("Маленькая", "Большая"))
    assert "хэш" in proving.verify_seals().faults[0]


def test_every_seal_that_does_not_hold_is_named(facts: Facts, whole: Subject, of_alfa: Subject, head: Any) -> None:
    one = facts.appeal()
    sealed = [seal("small-form", subject, MARCH, by=head) for subject in (whole, of_alfa)]
    kept = seal("small-form", whole, Period.read("2025-05"), by=head)
    with untold("reports_appealfact"):
        AppealFact.objects.filter(pk=one.pk).update(form="written")
    found = proving.verify_seals()
    assert [fault.partition(":")[0] for fault in found.faults] == [str(one) for one in sealed]
    assert found.seals == 1
    assert kept.sealed_at > sealed[1].sealed_at


def test_a_decision_told_late_leaves_the_seal_whole(
    facts: Facts, whole: Subject, place: SimpleNamespace, head: Any
) -> None:
    """The suit waited when the period was sealed; none of its days lies in it, neither before nor after."""
    quarter = Period.read("2024-Q1")
    suit = DisputeFact.objects.create(
        dispute_id=UUID(int=7), appeal_id=UUID(int=7), territory=place.nsk.pk, insurer_id=place.alfa.pk,
        track="court", filed_on=date(2023, 6, 1),
    )  # fmt: skip
    made = seal("pg-b", whole, quarter, by=head)
    assert pending(made.body) == 1
    DisputeFact.objects.filter(pk=suit.pk).update(decided_on=date(2023, 12, 20), outcome="granted")
    assert list(Change.objects.values_list("source", "key")) == [("disputes", str(suit.pk))]
    assert proving.verify_seals() == proving.Proved(1)
    assert pending(seal("pg-b", whole, quarter, by=head).body) == 0
    assert proving.verify_seals() == proving.Proved(2)


def pending(body: str) -> Any:
    [value] = {
        cell.value
        for table in of_text(body).tables
        for row in table.rows
        if row.title == "Было в суде на начало года"
        for cell in row.cells
        if cell.column == "court"
    }
    return value


@contextmanager
def untold(table: str) -> Iterator[None]:
    """As somebody with the keys of the server would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize("seed", range(3))
def test_sealed_bytes_never_change(
    seed: int, facts: Facts, whole: Subject, of_alfa: Subject, place: SimpleNamespace, head: Any
) -> None:
    chance = random.Random(seed)
    sealed: list[tuple[Seal, str]] = []
    for _ in range(60):
        _something(chance, facts, place)
        if chance.random() < 0.12:
            subject = chance.choice([whole, of_alfa])
            period = Period.read(chance.choice(["2024-02", "2024-03", "2024-04"]))
            try:
                made = seal("small-form", subject, period, by=head)
            except AlreadySealed:
                continue
            sealed.append((made, made.body))
    assert sealed
    for one, body in sealed:
        one.refresh_from_db()
        assert one.body == body
        assert sealing.report_of(one).counted().text == body
    assert proving.verify_seals() == proving.Proved(len(sealed))


def _something(chance: random.Random, facts: Facts, place: SimpleNamespace) -> None:
    day = date(2024, 1, 20) + timedelta(days=chance.randrange(120))
    rows = list(AppealFact.objects.order_by("pk")), list(MeasureFact.objects.order_by("pk"))
    what = chance.choice(["new", "new", "close", "form", "move", "gone", "measure", "back", "contact", "uncontact"])
    match what:
        case "measure":
            facts.measure(f"{chance.randrange(1, 900)}.{chance.randrange(10, 99)}", day)
        case "back" if rows[1]:
            MeasureFact.objects.filter(pk=chance.choice(rows[1]).pk).delete()
        case "contact":
            facts.contact(day)
        case "uncontact":
            Informed.objects.filter(on__gt=day).delete()
        case "close" if rows[0]:
            AppealFact.objects.filter(pk=chance.choice(rows[0]).pk).update(closed_on=chance.choice([None, day]))
        case "form" if rows[0]:
            flags = chance.choice([[], ["child"], ["child", "oncology"]])
            AppealFact.objects.filter(pk=chance.choice(rows[0]).pk).update(form="written", flags=flags)
        case "move" if rows[0]:
            to = chance.choice([place.alfa.pk, place.beta.pk, 0])
            AppealFact.objects.filter(pk=chance.choice(rows[0]).pk).update(insurer_id=to)
        case "gone" if rows[0]:
            AppealFact.objects.filter(pk=chance.choice(rows[0]).pk).delete()
        case _:
            kind = chance.choice(["complaint", "consultation"])
            facts.appeal(chance.choice([None, day]), registered_on=day, kind=kind)


def test_incremental_facts_are_the_rebuilt_ones(journal: Any, chained: Callable[[], None]) -> None:
    from opora.reports.tests.streams import live

    for seed in range(2):
        live(random.Random(seed), journal, chained)
    chained()
    following.follow(most=7)
    read = {name: hashes.hashed(source) for name, source in SOURCES.items()}
    assert read["appeals"].rows > 5
    assert {one.source: one.differed for one in following.rebuild()} == dict.fromkeys(SOURCES.keys() - {"contacts"}, 0)
    AppealFact.objects.all().delete()
    ReasonFact.objects.all().delete()
    following.rebuild()
    assert {name: hashes.hashed(source) for name, source in SOURCES.items()} == read


def test_a_hash_is_of_the_days_asked_for(facts: Facts, whole: Subject) -> None:
    facts.appeal()
    days, source = Days(date(2024, 3, 1), date(2024, 3, 31)), SOURCES["appeals"]
    before = hashes.hashed(source, whole, days)
    facts.appeal(date(2024, 5, 1), registered_on=date(2024, 4, 30))
    assert hashes.hashed(source, whole, days) == before
    facts.appeal(date(2024, 5, 1), registered_on=date(2024, 3, 31))
    assert hashes.hashed(source, whole, days).rows == 2
