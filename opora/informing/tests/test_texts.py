"""Texts: what is refused and where, versions, how a text reads and how it fits the plan."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from opora.audit.models import AuditLine
from opora.channels.models import Provider
from opora.informing import planning
from opora.informing.errors import TextBusy, TextRefused
from opora.informing.models import PlanEntry, Template
from opora.informing.services import create, launch
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.texts import figures, services
from opora.informing.texts.forms import TextForm
from opora.informing.texts.looks import campaign_of
from opora.informing.texts.rules import faults, languages
from opora.insured.models import Person
from opora.shared.tests.axe import findings

SignIn = Callable[[str | None], Client]
SMS = "{имя_отчество}, пройдите осмотр: {клиника|ваша поликлиника}."
GIVEN = {"measure": "checkup", "purpose": "invite", "channel": "sms", "language": "ru"}

WRONG = [
    ("{кот}, приходите", "sms", "Строка 1, знак 1: поля «{кот}» нет."),
    ("{имя}, вас ждёт\n{клиника}", "sms", "Строка 2, знак 1: поле «{клиника}» бывает пустым"),
    ("{имя}, {диагноз}", "letter", "Строка 1, знак 8: поле «{диагноз}» можно только в разговоре"),
    ("{имя}, ждём} вас", "sms", "Строка 1, знак 12: скобка «}» без пары"),
    ("{имя}, у вас Сахарный ДИАБЕТ", "email", "Строка 1, знак 23: «ДИАБЕТ» — слово о болезни"),
    ("{имя}, подозрение на рак", "sms", "Строка 1, знак 22: «рак» — слово о болезни, а СМС прочтут и другие."),
    ("{имя}, ваш код E11.9", "sms", "Строка 1, знак 16: «E11.9»"),
    ("  ", "sms", "текста нет"),
]


@pytest.mark.parametrize(("text", "channel", "words"), WRONG)
def test_a_fault_names_its_place(text: str, channel: str, words: str) -> None:
    assert any(words in one.sentence for one in faults(text, channel)), [one.sentence for one in faults(text, channel)]


@pytest.mark.parametrize("text", [SMS, "{имя}, ракурс, ракета и кабинет А101", "{имя}: {телефон|}"])
def test_what_is_right(text: str) -> None:
    assert faults(text, "sms") == []


def test_shipped_texts_pass_their_own_rules(system: None) -> None:
    for one in Template.objects.filter(organisation=None):
        assert faults(one.text, one.channel) == [], one


def draft(**given: Any) -> Template:
    return Template(**{**GIVEN, "text": SMS, **given})


def test_versions(place: SimpleNamespace, cast: SimpleNamespace) -> None:
    first = services.save(draft(), organisation=place.alfa, former=None, by=cast.boris)
    same = services.save(draft(), organisation=place.alfa, former=1, by=cast.boris)
    second = services.save(draft(text=SMS + " Ждём."), organisation=place.alfa, former=1, by=cast.boris)
    first.refresh_from_db()
    assert same.pk == first.pk
    assert (first.version, first.is_current, second.version, second.is_current) == (1, False, 2, True)
    with pytest.raises(TextBusy):
        services.save(draft(text="{имя}"), organisation=place.alfa, former=1, by=cast.boris)
    assert TextForm(employee=cast.boris, of=first).fields["former"].initial == 2, "a former version can come back"
    services.withdraw(second, by=cast.boris)
    third = services.save(draft(text="{имя}, приходите"), organisation=place.alfa, former=None, by=cast.boris)
    assert third.version == 3


def test_the_own_text_wins_and_what_went_keeps_its_version(place: SimpleNamespace, cast: SimpleNamespace) -> None:
    planned(place, people(place, 2))
    own = services.save(draft(), organisation=place.alfa, former=None, by=cast.boris)
    made = campaign(place)
    services.save(draft(language="tt", text="{имя}, килегез"), organisation=place.alfa, former=None, by=cast.boris)
    launch(made.pk, by=None)
    services.save(draft(text="{имя}, приходите"), organisation=place.alfa, former=1, by=cast.boris)
    assert made.rungs.get(step=1).template_id == own.pk
    ladder = [{"channel": "sms"}]
    other = create(insurer=place.alfa, title="Вторая", measure="checkup", year=2026, ladder=ladder, by=None)
    assert planning.next_step(other).template.text == "{имя}, приходите"  # type: ignore[union-attr]


def test_too_long_for_whom(place: SimpleNamespace, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    some = people(place, 5)
    planned(place, some)
    Person.objects.filter(pk__in=[some[0].pk, some[1].pk]).update(given_name="А" * 60)
    PlanEntry.objects.filter(person=some[4]).update(state="passed", passed_on="2026-02-01")
    long = draft(text="{имя}, " + "п" * 390)
    year = timezone.localdate().year
    PlanEntry.objects.update(year=year)
    with pytest.raises(TextRefused, match="402 знаков у 2 человек плана из 4"):
        services.save(long, organisation=place.alfa, former=None, by=cast.boris)
    monkeypatch.setattr(figures, "ALL", 3)
    monkeypatch.setattr(figures, "RUNS", 1)
    monkeypatch.setattr(figures.random, "sample", lambda *_: [some[0].pk])
    found = figures.figure(long.text, "sms", campaign_of(long, place.alfa, year))
    assert (found.is_sample, found.people, found.too_long) == (True, 4, 2)
    with pytest.raises(TextRefused, match="примерно у 50,0 % людей плана"):
        services.save(long, organisation=place.alfa, former=None, by=cast.boris)


def test_the_page_from_a_shipped_text_to_an_own_one(signed_in: SignIn, place: SimpleNamespace, polina: Any) -> None:
    planned(place, [polina], )  # fmt: skip
    PlanEntry.objects.update(year=timezone.localdate().year)
    Provider.objects.create(
        organisation=place.alfa, slug="sms", title="СМС", kind="standin", channel="sms", segment_price=Decimal("2.30")
    )
    page = signed_in("boris")
    shipped = Template.objects.get(organisation=None, is_current=True, **GIVEN)
    address = f"/informing/texts/{shipped.pk}/"
    assert "общий текст" in page.get(address).content.decode()
    given = {**GIVEN, "organisation": place.alfa.pk, "text": "{имя}, у вас диабет", "former": ""}
    answer = page.post(address, given)
    assert answer.status_code == 422
    assert "{имя}, у вас диабет" in answer.content.decode()
    assert "Строка 1, знак 14" in answer.content.decode()
    shown = page.post("/informing/texts/preview/", {**given, "text": SMS + "я" * 40, "act": "next"}).content.decode()
    assert "Полина Андреевна, пройдите осмотр: Поликлиника № 1." in shown
    assert "2 части СМС" in shown.replace("\u00a0", " ")
    assert "4,60" in shown
    assert AuditLine.objects.filter(action="insured.card.read").count() == 1
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    page.post("/informing/texts/preview/", {**given, "text": SMS, "person": polina.pk, "seen": seen})
    assert AuditLine.objects.filter(action="insured.card.read").count() == 1, "the same person is read once"
    figure = page.post("/informing/texts/preview/", {**given, "text": SMS, "act": "figure"}).content.decode()
    assert "ни у кого" in figure
    made = page.post(address, {**given, "text": SMS})
    own = Template.objects.get(organisation=place.alfa)
    assert made.headers["Location"] == f"/informing/texts/{own.pk}/"
    listed = page.get("/informing/texts/?channel=sms&measure=checkup").content.decode()
    assert "заменён вашим" in listed
    page.post(f"/informing/texts/{own.pk}/withdraw/")
    assert "заменён вашим" not in page.get("/informing/texts/").content.decode()


def test_a_new_text_in_another_language(signed_in: SignIn, place: SimpleNamespace) -> None:
    assert dict(languages())["tt"] == "татарский"
    page = signed_in("boris")
    assert page.get("/informing/texts/new/").status_code == 200
    given = {**GIVEN, "organisation": place.alfa.pk, "language": "tt", "text": "{имя}, килегез"}
    page.post("/informing/texts/new/", given)
    assert "(ваш, версия 1, татарский)" in page.get("/informing/new/").content.decode()
    assert Template.objects.get(organisation=place.alfa).language == "tt"


def test_others_texts_do_not_exist(signed_in: SignIn, place: SimpleNamespace, cast: SimpleNamespace) -> None:
    own = services.save(draft(), organisation=place.alfa, former=None, by=cast.boris)
    assert signed_in("vera").get("/informing/texts/").status_code == 200
    assert "СМО Альфа" not in signed_in("vera").get("/informing/texts/").content.decode()
    for who, status in (("alina", 403), ("vera", 403)):
        assert signed_in(who).get(f"/informing/texts/{own.pk}/").status_code == status


@pytest.mark.browser
def test_writing_with_the_preview(
    page: Page, site: str, signed_in_browser: Callable[[str], Page], place: SimpleNamespace, polina: Any
) -> None:
    planned(place, [polina])
    PlanEntry.objects.update(year=timezone.localdate().year)
    shipped = Template.objects.get(organisation=None, is_current=True, **GIVEN)
    signed_in_browser("boris")
    page.goto(f"{site}/informing/texts/{shipped.pk}/")
    text, preview = page.locator("#id_text"), page.locator("#preview")
    text.fill("{имя}, ")
    page.get_by_text("Поля, которые подставит программа").click()
    page.locator('[data-insert="{клиника|}"]').click()
    page.keyboard.type("ваша поликлиника")
    expect(text).to_have_value("{имя}, {клиника|ваша поликлиника}")
    expect(preview).to_contain_text("Полина, Поликлиника № 1")
    preview.get_by_role("button", name="Другой человек").click()
    expect(preview).to_contain_text("Соловьёва-Седая Полина")
    text.fill("{имя}, у вас диабет")
    expect(preview).to_contain_text("слово о болезни")
    expect(preview).to_contain_text("Соловьёва-Седая Полина")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".error").first).to_contain_text("Строка 1, знак 14")
    expect(text).to_have_value("{имя}, у вас диабет")
    assert findings(page) == []
