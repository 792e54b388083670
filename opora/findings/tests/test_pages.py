"""Pages of the room: who opens them, what is done on them, what a clinic never sees."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.findings import counting
from opora.findings.forms import _limit
from opora.findings.models import Alarm, Finding
from opora.findings.services import following
from opora.findings.tests.conftest import Journal

type SignIn = Callable[[str | None], Client]
TODAY = timezone.localdate()

WHO_SEES = [
    *[(page, "sp3", 200) for page in ("", "waiting/", "list/", "new/")],
    *[(page, "op2", 200) for page in ("", "waiting/", "list/", "new/")],
    *[(page, "timur", status) for page, status in (("", 200), ("waiting/", 200), ("list/", 200), ("new/", 403))],
    *[(page, "alina", 403) for page in ("", "waiting/", "list/", "new/", "letters/")],
    *[(page, "clerk", status) for page, status in (("", 403), ("waiting/", 403), ("letters/", 200))],
    ("", None, 302),
]


@pytest.fixture
def go(signed_in: SignIn) -> Callable[..., Any]:
    def ask(who: str | None, address: str, data: Any = None) -> Any:
        client = signed_in(who)
        return client.get(f"/findings/{address}") if data is None else client.post(f"/findings/{address}", data)

    return ask


@pytest.fixture
def waits(journal: Journal, chained: Callable[[], None], place: SimpleNamespace) -> None:
    for days in (60, 30, 3):
        journal.wait(place.clinic, days, "CT_MRI")
    journal.complaint(place.clinic)
    journal.wait(place.clinic2, 5)
    chained()
    counting.follow()


@pytest.mark.parametrize(("page", "who", "status"), WHO_SEES)
def test_who_sees(go: Any, page: str, who: str | None, status: int, topics: Any) -> None:
    assert go(who, page).status_code == status


def test_the_radar_counts_and_opens_into_rows(go: Any, waits: None, place: SimpleNamespace) -> None:
    page = go("sp3", "waiting/")
    lines = page.context["lines"]
    first = lines[0]
    assert (first.clinic, first.code, first.number, first.over) == (place.clinic.name, "CT_MRI", 3, 2)
    assert (first.middle, first.longest, first.limit) == (30, 60, "14 рабочих дней")
    assert sum(first.numbers) == 3
    assert len(lines) == 2
    rows = go("sp3", f"rows/?{first.query}&over=1")
    assert sorted(row.days for row in rows.context["page"]) == [30, 60]  # of one day, in no order
    assert rows.context["number"] == 2
    assert "<svg" in page.content.decode()


def test_another_insurer_counts_its_own(go: Any, waits: None, cast: SimpleNamespace) -> None:
    from opora.organisations.models import Role

    cast.vera.assignments.update(role=Role.objects.get(slug="sp3"))
    assert go("vera", "waiting/").context["lines"] == []


def test_filters_narrow_the_radar(go: Any, waits: None, place: SimpleNamespace) -> None:
    assert len(go("sp3", f"waiting/?provider={place.clinic2.pk}").context["lines"]) == 1
    assert len(go("op2", f"waiting/?insurer={place.alfa.pk}").context["lines"]) == 2
    assert go("op2", "waiting/?insurer=0").context["lines"] == []
    before = TODAY - timedelta(days=40)
    assert go("sp3", f"waiting/?since={before}&until={before}").context["lines"] == []


@pytest.mark.parametrize(("suspicion", "gathered", "before"), [("oncology", 1, 1), ("none", 2, 2), ("", 3, 3)])
def test_a_finding_of_a_line_is_of_its_suspicion(
    go: Any, waits: None, journal: Journal, chained: Any, place: SimpleNamespace, cast: SimpleNamespace,
    suspicion: str, gathered: int, before: int,
) -> None:  # fmt: skip
    today = Journal.today(place)
    journal.wait(place.clinic, 40, "CT_MRI", suspicion="oncology")
    chained()
    counting.follow()
    lines = {line.suspicion or "none": line for line in go("sp3", "waiting/").context["lines"] if line.code == "CT_MRI"}
    subject = lines[suspicion].subject if suspicion else "wait:CT_MRI"
    page = go("sp3", "waiting/").content.decode()
    assert not suspicion or quote(subject) in page
    link = f"new/?provider={place.clinic.pk}&subject={subject}&since={today}&until={today}"
    assert f'value="{subject}" selected' in go("sp3", link).content.decode()
    since = today - timedelta(days=3)
    given = {"provider": place.clinic.pk, "subject": subject, "since": str(since), "until": str(today)}
    assert go("sp3", "new/", {**given, "cause": "Сломан томограф"}).status_code == 302
    finding = Finding.objects.get()
    assert finding.gathered.count() == gathered
    assert ("онкология" in finding.subject) == (suspicion == "oncology")
    with enter(cast.sp3.scope):
        assert following._count(finding, since, today) == before
    limit = _limit(finding)
    assert limit == (lines[suspicion].limit if suspicion else lines["none"].limit)


def test_a_suspicion_nobody_knows_is_no_subject(go: Any, waits: None, place: SimpleNamespace) -> None:
    given = {"provider": place.clinic.pk, "since": str(TODAY), "until": str(TODAY), "cause": "Сломан томограф"}
    assert go("sp3", "new/", {**given, "subject": "wait:CT_MRI:flu"}).status_code == 422
    assert go("sp3", "new/", {**given, "subject": "wait:nothing:oncology"}).status_code == 422


def test_the_path_on_pages(go: Any, waits: None, place: SimpleNamespace) -> None:
    link = f"new/?provider={place.clinic.pk}&subject=wait:CT_MRI&since={TODAY}&until={TODAY}"
    assert "Ожидание: КТ" in go("sp3", link).content.decode()
    given = {"provider": place.clinic.pk, "subject": "wait:CT_MRI", "since": str(TODAY), "until": str(TODAY)}
    assert go("sp3", "new/", {**given, "cause": ""}).status_code == 422
    assert go("sp3", "new/", {**given, "cause": "Сломан томограф"}).status_code == 302
    finding = Finding.objects.get()
    assert finding.gathered.count() == 2

    def act(code: str, data: dict[str, Any], status: int = 302) -> None:
        finding.refresh_from_db()
        answer = go("sp3", f"{finding.pk}/acts/{code}/", {"version": finding.version, **data})
        assert answer.status_code == status, answer.content.decode()[-2000:]

    act("letter", {"text": "Рано"}, 404)
    act("decide", {"decision": "violation", "ground": "", "decided_on": str(TODAY)}, 422)
    act("decide", {"decision": "violation", "ground": "ПГГ", "decided_on": str(TODAY)})
    form = go("sp3", f"{finding.pk}/acts/letter/").content.decode()
    assert "14 рабочих дней" in form
    assert "Сломан томограф" in form
    until = str(TODAY + timedelta(days=5))
    act("letter", {"text": "Полис 5412345678901234", "number": "7", "on": str(TODAY), "reply_until": until}, 422)
    assert "Письмо" not in go("clerk", "letters/").content.decode().partition("<table")[2]
    act("letter", {"text": "Просим починить", "number": "7", "on": str(TODAY), "reply_until": until})
    for kind in ("pdf", "docx"):
        assert go("sp3", f"{finding.pk}/letter.{kind}").status_code == 200
        assert go("clerk", f"letters/{finding.pk}/letter.{kind}").status_code == 200

    inbox = go("clerk", f"letters/{finding.pk}/").content.decode()
    assert "Просим починить" in inbox
    assert "ПГГ" not in inbox
    assert go("clerk", f"letters/{finding.pk}/", {"text": ""}).status_code == 422
    assert go("clerk", f"letters/{finding.pk}/", {"text": "Починим"}).status_code == 302
    act("measures", {"text": "Починили", "on": str(TODAY), "follow_on": str(TODAY)}, 422)
    act("measures", {"text": "Починили", "on": str(TODAY), "follow_on": until})
    act("follow", {})  # too early: told, nothing changed
    act("note", {"text": "Ждём"})
    act("close", {"why": "Передали в министерство"})
    page = go("sp3", f"{finding.pk}/").content.decode()
    assert "Починим" in page
    assert "завершено" in page
    assert finding.number in go("sp3", "list/?state=closed").content.decode()
    assert AuditLine.objects.filter(action="findings.read", subject_id=str(finding.pk)).exists()


def test_alarms_are_shown_with_the_rate_and_dismissed(go: Any, alarm: Alarm, topics: Any) -> None:
    page = go("sp3", "").content.decode()
    assert "одну неделю из 20" in page
    assert "Качество помощи" in page
    assert go("sp3", f"new/?alarm={alarm.pk}").status_code == 200
    assert go("op2", f"new/?alarm={alarm.pk}").status_code == 200
    go("sp3", f"alarms/{alarm.pk}/dismissal/", {"why": "Одна семья"})
    assert "Одна семья" in go("sp3", "").content.decode()
    assert go("timur", f"alarms/{alarm.pk}/dismissal/", {"why": "x"}).status_code == 403


def test_a_finding_made_from_an_alarm_on_the_page(go: Any, alarm: Alarm, waits: None) -> None:
    form = go("sp3", f"new/?alarm={alarm.pk}").context["form"]
    given = {name: form[name].value() for name in ("provider", "subject", "since", "until")}
    assert go("sp3", f"new/?alarm={alarm.pk}", {**given, "cause": "Нет врача"}).status_code == 302
    alarm.refresh_from_db()
    assert alarm.look == "finding"


def test_the_page_of_a_clinic_leads_to_its_findings(
    go: Any, signed_in: SignIn, waits: None, place: SimpleNamespace
) -> None:
    page = f"/complaints/clinics/{place.clinic.pk}/"
    assert "открыто 1" not in signed_in("sp3").get(page).content.decode()
    given = {"provider": place.clinic.pk, "subject": "wait:CT_MRI", "since": str(TODAY), "until": str(TODAY)}
    go("sp3", "new/", {**given, "cause": "Сломан томограф"})
    assert "открыто 1" in signed_in("sp3").get(page).content.decode()


def test_the_desk_tells_of_alarms_and_letters(signed_in: SignIn, alarm: Alarm, topics: Any) -> None:
    assert "Всплески обращений: 1" in signed_in("sp3").get("/").content.decode()
    assert "Всплески" not in signed_in("alina").get("/").content.decode()


GARBAGE = [
    "?x=1",
    "waiting/?since=x&until=99.99.9999&provider=x&insurer=-1",
    "waiting/?since=01.01.0001&until=31.12.9999",
    "list/?state=x&provider=x&after=x",
    "new/?provider=x&subject=topic:%00&since=x&alarm=x",
    "new/?subject=topic:zzz",
]


@pytest.mark.parametrize("address", GARBAGE)
def test_garbage_in_the_address_is_no_fault(go: Any, topics: Any, address: str) -> None:
    assert go("sp3", address).status_code == 200


@pytest.mark.parametrize(
    "address", ["rows/", "rows/?what=x&code=y&since=01.01.2026&until=01.01.2026", "rows/?what=wait&code=%00", "x/"]
)
def test_what_is_not_there_is_not_found(go: Any, topics: Any, address: str) -> None:
    assert go("sp3", address).status_code == 404


@pytest.mark.parametrize(("page", "most"), [("", 20), ("waiting/", 20), ("list/", 16)])
def test_pages_ask_little(
    signed_in: SignIn,
    waits: None,
    alarm: Alarm,
    page: str,
    most: int,
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in("sp3")
    client.get(f"/findings/{page}")
    with django_assert_max_num_queries(most):
        client.get(f"/findings/{page}")
