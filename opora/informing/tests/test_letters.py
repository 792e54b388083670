"""A print run: who gets in, what lies on paper, what the post takes and what it brings back."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.informing import planning
from opora.informing.dispatch.batches import sweep
from opora.informing.errors import InformingError, LetterAlready, NothingToPrint, NumberUnknown, RunBusy
from opora.informing.letters import commands, drawing, inking, services, store
from opora.informing.letters.numbers import number_of
from opora.informing.letters.queries import late, waiting
from opora.informing.letters.services import Terms
from opora.informing.models import Campaign, LetterItem, PlanEntry, PrintRun, Template, Touch, TouchTally
from opora.informing.services import launch, stop
from opora.informing.tests.crowd import campaign, people, planned, reported
from opora.insured.models import Consent, Contact, Person

TEXT = "{имя_отчество}, вас ждёт {клиника|ваша поликлиника}.\n\n{страховая}"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "letters"


@pytest.fixture
def crowd(place: SimpleNamespace) -> list[Person]:
    """Six people of Alfa who wait for a letter, their postcodes falling."""
    return lettered(place, 6)


def lettered(place: SimpleNamespace, count: int) -> list[Person]:
    Template.objects.get_or_create(
        organisation=place.alfa, measure="checkup", purpose="invite", channel="letter",
        defaults={"text": TEXT, "subject": "Приглашаем на осмотр"},
    )  # fmt: skip
    some = people(place, count)
    Contact.objects.bulk_create(
        Contact(person=one, kind="address", value=f"{630200 - n}, г. Новосибирск, ул. Ленина, д. {n + 1}, кв. 5")
        for n, one in enumerate(some)
    )
    planned(place, some)
    launch(campaign(place, title="Письма", ladder=[{"channel": "letter"}]).pk, by=None)
    Touch.objects.update(not_before=timezone.now() - timedelta(minutes=1))
    return some


def drawn_up(place: SimpleNamespace, **terms: Any) -> PrintRun:
    run = services.draw_up(place.alfa, Terms(**terms), by=None)
    drawing.draw(run.pk)
    run.refresh_from_db()
    return run


def posted(place: SimpleNamespace) -> PrintRun:
    run = drawn_up(place, price=Decimal("34.50"))
    services.mark_printed(run.pk, by=None)
    return services.hand_over(run.pk, on=timezone.localdate(), take_out=True, by=None)


def states() -> list[str]:
    return sorted(Touch.objects.values_list("state", flat=True))


def test_from_waiting_touches_to_paper(place: SimpleNamespace, crowd: list[Person], folder: Path, cast: Any) -> None:
    assert [(one.insurer, one.letters) for one in waiting(cast.boris)] == [(place.alfa, 6)]
    run = drawn_up(place, price=Decimal("34.50"))
    assert (run.state, run.drawn, run.written, run.parts, run.sheets) == ("ready", 6, 6, 1, 6)
    assert states() == ["claimed"] * 6
    items = list(run.items.order_by("place"))
    assert [one.postcode for one in items] == sorted(one.postcode for one in items)
    assert items[0].addressee == "Планова5 Анна"
    pages = pypdf.PdfReader(store.path(run.pk, "pisma-0001.pdf")).pages
    assert len(pages) == 6
    first = pages[0].extract_text()
    assert all(words in first for words in ("630195", items[0].shown, "Приглашаем на осмотр", "вас ждёт Поликлиника"))
    register = pypdf.PdfReader(store.path(run.pk, "reestr.pdf")).pages[0].extract_text()
    assert "Итого писем: 6" in register
    assert "207,00" in register
    assert store.path(run.pk, "reestr.xlsx").stat().st_mode & 0o777 == 0o600
    assert drawing.draw(run.pk) is False


def test_letters_of_a_run_are_not_swept_as_a_forgotten_call(place: SimpleNamespace, crowd: list[Person]) -> None:
    drawn_up(place)
    sweep()
    assert states() == ["claimed"] * 6


def test_who_does_not_get_in(place: SimpleNamespace) -> None:
    some = lettered(place, 11)
    pk = [one.pk for one in some]
    other = place.clinic2 if some[10].provider_id == place.clinic.pk else place.clinic
    Person.objects.filter(pk=pk[10]).update(provider=other)
    reported(place, some[9], "refused")
    Person.objects.filter(pk=pk[0]).update(died_on=date(2026, 1, 10))
    Person.objects.filter(pk=pk[1]).update(insurer=place.beta)
    PlanEntry.objects.filter(person=pk[2]).update(state="passed", passed_on=date(2026, 2, 1))
    Consent.objects.create(
        person=some[3], channel="letter", purpose="informing", is_granted=False, decided_on=date(2026, 1, 5)
    )
    Contact.objects.filter(person=pk[4], kind="address").update(value="г. Новосибирск, ул. Ленина, д. 1")
    Contact.objects.filter(person=pk[5], kind="address").update(value="630099, г. Новосибирск")
    Contact.objects.filter(person=pk[6], kind="address").update(state="dead")
    Contact.objects.filter(person=pk[7], kind="address").update(state="wrong")
    better = Contact.objects.create(person=some[7], kind="address", value="630001, г. Новосибирск, ул. Мира, 2")
    run = drawn_up(place)
    refused = run.items.filter(state="refused").values_list("person_id", "refused_for")
    assert dict(refused) == {
        pk[0]: "dead", pk[1]: "other_insurer", pk[2]: "passed", pk[3]: "no_consent",
        pk[4]: "no_postcode", pk[5]: "incomplete", pk[6]: "no_address",
        pk[9]: "refused", pk[10]: "other_clinic",
    }  # fmt: skip
    taken = dict(run.items.filter(state="ready").values_list("person_id", "contact_id"))
    assert set(taken) == {pk[7], pk[8]}
    assert taken[pk[7]] == better.pk
    assert states() == ["cancelled"] * 6 + ["claimed"] * 2 + ["planned"] * 3


def test_a_mended_address_gets_into_the_next_run(place: SimpleNamespace, crowd: list[Person]) -> None:
    addresses = Contact.objects.filter(kind="address")
    before = dict(addresses.values_list("pk", "value"))
    addresses.filter(person=crowd[0]).update(value="Новосибирск")
    first = drawn_up(place)
    with pytest.raises(NothingToPrint):
        drawn_up(place)
    mended = addresses.get(person=crowd[0])
    addresses.filter(pk=mended.pk).update(value=before[mended.pk])
    Touch.objects.filter(state="planned").update(not_before=timezone.now())
    second = drawn_up(place)
    assert (first.drawn, second.drawn) == (5, 1)


def test_a_run_of_bad_addresses_alone_says_so(place: SimpleNamespace, crowd: list[Person]) -> None:
    Contact.objects.filter(kind="address").update(value="Новосибирск")
    run = drawn_up(place)
    assert (run.state, run.refused, run.why) == ("cancelled", 6, "Ни одно письмо не вошло.")


def test_one_run_holds_a_touch(place: SimpleNamespace, crowd: list[Person]) -> None:
    run = drawn_up(place)
    held = run.items.order_by("pk")[0]
    with pytest.raises(IntegrityError, match="letter_holds_touch_once"), transaction.atomic():
        LetterItem.objects.create(
            run=run, year=held.year, touch_id=held.touch_id, campaign_id=held.campaign_id, person_id=held.person_id
        )


def test_small_runs_and_small_batches(
    place: SimpleNamespace, crowd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "BATCH", 2)
    monkeypatch.setattr(inking, "PART", 3)
    first, second = drawn_up(place, most=5), drawn_up(place)
    assert (first.drawn, first.parts, second.drawn) == (5, 2, 1)
    sizes = [len(pypdf.PdfReader(store.path(first.pk, f"pisma-000{n}.pdf")).pages) for n in (1, 2)]
    assert sizes == [3, 2]


def test_a_killed_worker_is_gone_on_with(
    place: SimpleNamespace, crowd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inking, "PART", 2)
    run = services.draw_up(place.alfa, Terms(), by=None)
    whole, calls = inking.paper.write_part, []

    def dies(*args: Any) -> list[int]:
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError
        return whole(*args)

    monkeypatch.setattr(inking.paper, "write_part", dies)
    with pytest.raises(MemoryError):
        drawing.draw(run.pk)
    with pytest.raises(RunBusy):
        services.go_on(run.pk, by=None)
    PrintRun.objects.update(beat_at=timezone.now() - timedelta(minutes=6))
    services.go_on(run.pk, by=None)
    assert drawing.draw(run.pk)
    run.refresh_from_db()
    assert (run.state, run.drawn, run.written, run.parts) == ("ready", 6, 6, 3)
    assert not list(store.folder(run.pk).glob("new-*"))


def test_both_sides_and_a_long_text(place: SimpleNamespace, crowd: list[Person]) -> None:
    Template.objects.filter(channel="letter", organisation=place.alfa).update(text=TEXT + "\nЖдём вас." * 60)
    run = drawn_up(place, is_duplex=True)
    assert run.sheets == 6
    assert len(pypdf.PdfReader(store.path(run.pk, "pisma-0001.pdf")).pages) == 12


def test_cancelled_touches_wait_again(place: SimpleNamespace, crowd: list[Person], folder: Path) -> None:
    run = drawn_up(place)
    with pytest.raises(InformingError, match="почему"):
        services.cancel(run.pk, why=" ", by=None)
    services.cancel(run.pk, why="Сломался принтер", by=None)
    assert states() == ["planned"] * 6
    assert not run.items.exclude(text="").exists()
    again = drawn_up(place)
    assert again.drawn == 6
    with pytest.raises(RunBusy, match="отменён"):
        services.mark_printed(run.pk, by=None)


def test_handed_to_the_post(place: SimpleNamespace, crowd: list[Person]) -> None:
    run = posted(place)
    assert states() == ["sent"] * 6
    assert set(Touch.objects.values_list("cost", flat=True)) == {Decimal("34.50")}
    counted = TouchTally.objects.filter(state="sent").values_list("change", "cost")
    assert (sum(n for n, _ in counted), sum(cost for _, cost in counted)) == (6, Decimal(207))
    with pytest.raises(RunBusy):
        services.cancel(run.pk, why="Передумали", by=None)


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_day_of_the_post_that_cannot_be(place: SimpleNamespace, crowd: list[Person], shift: int) -> None:
    run = services.mark_printed(drawn_up(place).pk, by=None)
    with pytest.raises(InformingError, match="День сдачи"):
        services.hand_over(run.pk, on=timezone.localdate() + timedelta(days=shift), take_out=True, by=None)


def test_who_came_meanwhile_is_taken_out_of_the_pile(place: SimpleNamespace, crowd: list[Person]) -> None:
    run = services.mark_printed(drawn_up(place).pk, by=None)
    PlanEntry.objects.filter(person=crowd[1]).update(state="passed", passed_on=date(2026, 3, 1))
    Person.objects.filter(pk=crowd[2].pk).update(died_on=date(2026, 3, 1))
    assert sorted(one.reason for one in late(run)) == ["dead", "passed"]
    services.hand_over(run.pk, on=timezone.localdate(), take_out=True, by=None)
    assert states() == ["cancelled"] * 2 + ["sent"] * 4
    assert run.items.filter(state="dropped").count() == 2


def test_what_is_told_after_a_run_was_drawn_up_takes_a_letter_out(place: SimpleNamespace) -> None:
    some = lettered(place, 7)
    run = services.mark_printed(drawn_up(place).pk, by=None)
    pk = [one.pk for one in some]
    reported(place, some[0], "refused")
    Consent.objects.create(
        person=some[1], channel="letter", purpose="informing", is_granted=False, decided_on=date(2026, 1, 5)
    )
    other = place.clinic2 if some[2].provider_id == place.clinic.pk else place.clinic
    Person.objects.filter(pk=pk[2]).update(provider=other)
    Person.objects.filter(pk=pk[3]).update(territory=place.alt)
    said = Touch.objects.get(person_id=pk[4])
    Touch.objects.create(**{
        name: getattr(said, name)
        for name in ("year", "campaign_id", "wave_id", "person_id", "territory", "insurer_id", "measure", "purpose")
    }, round=2, channel="call", state="done", outcome="refused", not_before=said.not_before)  # fmt: skip
    reported(place, some[5], "promised")
    assert sorted(one.reason for one in late(run)) == ["moved", "no_consent", "other_clinic", "refused", "refused"]


def test_taken_out_letters_leave_the_register(place: SimpleNamespace, crowd: list[Person], cast: Any) -> None:
    run = drawn_up(place, price=Decimal(10))
    with pytest.raises(InformingError, match="Вынимать нечего"):
        services.take_out(run.pk, by=cast.boris)
    reported(place, crowd[1], "refused")
    Person.objects.filter(pk=crowd[2].pk).update(died_on=date(2026, 3, 1))
    services.take_out(run.pk, by=cast.boris)
    out = dict(run.items.filter(state="dropped").values_list("person_id", "refused_for"))
    assert out == {crowd[1].pk: "refused", crowd[2].pk: "dead"}
    assert states() == ["cancelled"] * 2 + ["claimed"] * 4
    run.refresh_from_db()
    assert (run.dropped, run.cost, run.is_register_stale) == (2, Decimal(40), True)
    assert inking.rewrite_register(run.pk)
    register = pypdf.PdfReader(store.path(run.pk, "reestr.pdf")).pages[0].extract_text()
    assert "Итого писем: 4" in register
    assert "Планова1 " not in register
    assert "Планова3 " in register
    assert inking.rewrite_register(run.pk) is False
    services.mark_printed(run.pk, by=None)
    services.hand_over(run.pk, on=timezone.localdate(), take_out=True, by=None)
    run.refresh_from_db()
    assert (run.dropped, states()) == (2, ["cancelled"] * 2 + ["sent"] * 4)


def test_a_visit_before_the_plan_does_not_take_out_a_letter_of_observation(place: SimpleNamespace) -> None:
    """Observation has several visits a year: spring's says nothing of autumn's letter."""
    some = lettered(place, 2)
    run = drawn_up(place)
    Touch.objects.update(measure="observation")
    today = timezone.localdate()
    reported(place, some[0], "passed", measure="observation", on=max(date(2026, 1, 1), today - timedelta(days=60)))
    reported(place, some[1], "passed", measure="observation", on=today)
    PlanEntry.objects.update(measure="observation", state="passed", passed_on=today - timedelta(days=60))
    assert [one.reason for one in late(run)] == ["passed"]


def test_a_stopped_campaign_takes_its_letters_out(place: SimpleNamespace, crowd: list[Person]) -> None:
    run = services.mark_printed(drawn_up(place).pk, by=None)
    stop(Campaign.objects.get().pk, why="Список отозван", by=None)
    services.hand_over(run.pk, on=timezone.localdate(), take_out=False, by=None)
    assert states() == ["cancelled"] * 6
    assert run.items.filter(state="dropped").count() == 6


def test_returned(place: SimpleNamespace, crowd: list[Person], cast: SimpleNamespace) -> None:
    run = posted(place)
    first, second, third = run.items.order_by("place")[:3]
    services.note_return(first.shown, reason="no_addressee", by=cast.sp2)
    services.note_return(second.number, reason="wrong_address", by=cast.sp2)
    Contact.objects.filter(pk=third.contact_id).update(value="630000, г. Новосибирск, ул. Новая, д. 9")
    Touch.objects.filter(id=third.touch_id).update(state="silent")
    services.note_return(third.number, reason="said_dead", by=cast.sp2)
    marks = dict(Contact.objects.filter(kind="address").values_list("pk", "state"))
    assert (marks[first.contact_id], marks[second.contact_id]) == ("wrong", "dead")
    assert marks[third.contact_id] == "unconfirmed", "an address changed since is not marked"
    ended = Touch.objects.filter(state="failed").values_list("outcome", flat=True)
    assert list(ended) == ["returned"] * 3
    run.refresh_from_db()
    assert run.returned == 3
    assert AuditLine.objects.filter(action="informing.letters.return").count() == 3
    with pytest.raises(LetterAlready, match="нет адресата"):
        services.note_return(first.number, reason="refused", by=cast.sp2)


def test_the_next_wave_does_not_choose_a_returned_address(
    place: SimpleNamespace, crowd: list[Person], cast: SimpleNamespace
) -> None:
    run = posted(place)
    for item in run.items.all():
        services.note_return(item.number, reason="stored_out", by=cast.sp2)
    again = campaign(place, title="Ещё раз", ladder=[{"channel": "letter"}], limits={"cap_days": 0})
    assert planning.dry_run(planning.next_step(again)).excluded == {planning.Exclude.NO_CONTACT: 6}


def test_numbers_that_are_none(place: SimpleNamespace, crowd: list[Person], cast: SimpleNamespace) -> None:
    run = drawn_up(place)
    item = run.items.order_by("place")[0]
    slip = item.number[:-1] + str((int(item.number[-1]) + 1) % 10)
    for number, why in (("кот", "не сходятся"), (slip, "не сходятся"), (number_of(9_999_999), "в ваших тиражах нет")):
        with pytest.raises(NumberUnknown, match=why):
            services.note_return(number, reason="refused", by=cast.sp2)
    with pytest.raises(LetterAlready, match="не сдавали"):
        services.note_return(item.number, reason="refused", by=cast.sp2)
    services.mark_printed(run.pk, by=None)
    services.hand_over(run.pk, on=timezone.localdate(), take_out=True, by=None)
    with pytest.raises(NumberUnknown):
        services.note_return(item.number, reason="refused", by=cast.vera)


def test_files_and_texts_are_forgotten(place: SimpleNamespace, crowd: list[Person], folder: Path) -> None:
    run = posted(place)
    assert services.forget_files() == 0
    assert services.forget_files(timezone.now() + timedelta(days=31)) == 1
    assert not store.folder(run.pk).exists()
    assert not run.items.exclude(text="").exists()


def test_a_run_from_the_command_line(
    place: SimpleNamespace, crowd: list[Person], capsys: pytest.CaptureFixture[str]
) -> None:
    """The command inside its database, which a test has already."""
    draw, runs = commands.draw.__wrapped__, commands.runs.__wrapped__  # type: ignore[attr-defined]
    draw("54001", most=4, envelope="c5", duplex=False, price="30,50", as_json=True)
    run = PrintRun.objects.get()
    told = json.loads(capsys.readouterr().out)
    assert (run.drawn, run.state, told["cost"], told["folder"]) == (4, "ready", "122.00", str(store.folder(run.pk)))
    runs(as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["pk"] == run.pk
    with pytest.raises(InformingError, match="dl или c5"):
        draw("54001", most=4, envelope="a3", duplex=False, price="1", as_json=True)
