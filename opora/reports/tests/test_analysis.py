"""The text of a month is written from the same cells that the tables show, and is sealed with them."""

import json
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from opora.access.scope import Scope, enter
from opora.organisations.models import Organisation
from opora.reports import proving, publishing, sealed
from opora.reports.analysis import analysis, text, told
from opora.reports.models import AppealFact, Seal
from opora.reports.narrative import Count
from opora.reports.periods import Period
from opora.reports.services.sealing import seal
from opora.reports.subjects import Subject
from opora.reports.tests import desk
from opora.reports.tests.forms import golden
from opora.reports.writers import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def month(place: SimpleNamespace) -> golden.Golden:
    """The facts of the golden file as rows of the base."""
    written = golden.read("fund-analysis")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
    return written


@pytest.fixture
def closed(month: golden.Golden, place: SimpleNamespace, head: Any) -> Seal:
    return seal("fund-analysis", subject(place), Period.read(month.period), by=head)


def subject(place: SimpleNamespace) -> Subject:
    return Subject(place.nsk.pk, None, place.nsk.name, place.nsk.pk)


def test_figures_of_the_text_are_cells_of_the_report(place: SimpleNamespace) -> None:
    written = golden.read("fund-analysis")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        report = golden.report(place, "fund-analysis", written)
        found, told = analysis(report), text(report)
    assert found.total == Count(13, 6)
    assert found.complaints is not None
    assert (found.complaints.justified, found.complaints.settled) == (Count(3, 1), 3)
    assert [item.name for item in found.by_insurers] == ["СМО Альфа", "СМО Бета"]
    assert found.territory.genitive == "Новосибирской области"
    assert told is not None
    assert "в контакт-центр ТФОМС Новосибирской области и страховые медицинские организации" in told.plain()
    assert "– ТФОМС — 5, " in told.plain().replace("\u00a0", " ")  # the list calls the fund as the table does


def test_a_form_without_a_text_has_none(place: SimpleNamespace) -> None:
    with enter(Scope.system("a test counts")):
        assert text(golden.report(place, "pg-a", golden.read("pg-a"))) is None


def test_the_page_of_the_analysis_holds_its_text(place: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    written = golden.read("fund-analysis")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
    desk.become(cast.op1, "analyst")
    page = signed_in("op1").get(f"/reports/fund-analysis/?of={place.nsk.code}&period={written.period}")
    assert page.context["counted"].words.title in page.content.decode()
    assert "<h2>Как посчитано</h2>" in page.content.decode()


def test_the_number_of_a_line_is_a_word_of_its_own(
    place: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    """Glued to the title it is read, copied and broken into lines with it: «3.6.4Несовершен-нолетние»."""
    desk.become(cast.op1, "analyst")
    page = signed_in("op1").get(f"/reports/pg-b/?of={place.nsk.code}&period=2024-Q1")
    assert '<span class="code num">3.6.4</span> Несовершеннолетние' in page.content.decode()


def test_figures_that_contradict_each_other_have_no_text(
    place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise ValueError("a part larger than its whole")

    monkeypatch.setattr("opora.reports.narrative.write", refuse)
    with enter(Scope.system("a test counts")):
        assert text(golden.report(place, "fund-analysis", golden.read("fund-analysis"))) is None


def test_a_seal_keeps_the_text_whatever_becomes_of_figures_and_rules(
    closed: Seal, place: SimpleNamespace, cast: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, words = closed.body, sealed.counted(closed).words
    assert words is not None
    AppealFact.objects.filter(closed_on__isnull=False).update(kind="thanks")
    Organisation.objects.filter(pk=place.alfa.pk).update(name="СМО Омега")
    monkeypatch.setattr("opora.reports.narrative.write", lambda _: pytest.fail("a sealed text is read, not written"))
    desk.become(cast.op1, "analyst")
    page = signed_in("op1").get(f"/reports/sealed/{closed.pk}/").content.decode()
    assert str(words.html()) in page
    assert "СМО Омега" not in str(words.html())
    closed.refresh_from_db()
    again = sealed.counted(closed)
    assert (closed.body, again.text) == (body, body)
    assert words.sections[0].paragraphs[0] in write(again, "html", seal=closed).decode()
    assert proving.verify_seals() == proving.Proved(1)


def test_a_publication_holds_the_text_unless_something_is_hidden(closed: Seal, head: Any) -> None:
    words = sealed.counted(closed).words
    assert words is not None
    with enter(head.scope):
        whole = publishing.publish(closed, by=head)
    assert str(words.html()) in Client().get(f"/open/reports/{whole.pk}/").content.decode()
    assert Client().get(f"/open/reports/{whole.pk}.json").json()["words"]["title"] == words.title
    with enter(head.scope):
        hidden = publishing.publish(closed, least=3, by=head)
    page = Client().get(f"/open/reports/{hidden.pk}/").content.decode()
    assert words.title not in page
    assert "Текст анализа не опубликован" in page
    assert "words" not in json.loads(hidden.body)


def test_a_seal_of_before_texts_were_kept_stays_readable(
    closed: Seal, month: golden.Golden, place: SimpleNamespace, cast: Any, signed_in: Any
) -> None:
    old = {key: value for key, value in json.loads(closed.body).items() if key != "words"}
    body = json.dumps(old, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_seal DISABLE TRIGGER USER")
        Seal.objects.filter(pk=closed.pk).update(body=body, sha256=sha256(body.encode()).hexdigest())
        cursor.execute("ALTER TABLE reports_seal ENABLE TRIGGER USER")
    closed.refresh_from_db()
    assert sealed.counted(closed).words is None
    desk.become(cast.op1, "analyst")
    assert signed_in("op1").get(f"/reports/sealed/{closed.pk}/").status_code == 200
    page = signed_in("op1").get(f"/reports/fund-analysis/?of={place.nsk.code}&period={month.period}")
    assert not page.context["is_changed"]
    assert page.context["counted"].words
    assert proving.verify_seals() == proving.Proved(1)


def test_a_report_without_a_text_has_the_bytes_it_always_had(place: SimpleNamespace) -> None:
    with enter(Scope.system("a test counts")):
        asked = golden.report(place, "hmao-number", golden.read("hmao-number"))
        assert told(asked).text == asked.counted().text
    assert "words" not in json.loads(asked.counted().text)
