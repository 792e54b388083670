"""What must not be written is refused with a sentence beside its field, and what was typed stays."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.complaints import services
from opora.complaints.errors import ComplaintsError
from opora.complaints.models import Case, Claim, Control, Dispute, Restoration
from opora.complaints.services import Found
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE


def said(page: str) -> dict[str, str]:
    """Return what the page says is wrong, by field; each also stands beside its field. Empty key — of no field."""
    summary = page[page.index("Поправьте, пожалуйста") :]
    found = dict(re.findall(r'<a href="#id_(\w+?)(?:_0)?">[^:<]*: ([^<]*)</a>', summary))
    assert all(page.count(text) >= 2 for text in found.values()), "not beside the field"
    return found or {"": summary[:500]}


def refused(go: Any, who: str, address: str, data: dict[str, Any], sentence: str, name: str) -> str:
    answer = go(who, address, data)
    page: str = answer.content.decode()
    assert answer.status_code == 422, page[-2000:]
    assert sentence in said(page).get(name, ""), said(page)
    return page


def test_an_expert_of_the_checked_clinic(go: Any, play: Play) -> None:
    row = play.accepted()
    data = {"kind": "ekmp", "expert": play.experts.busy.pk, "version": row.version}
    page = refused(
        go, "sp3", f"/complaints/{play.case.appeal.number}/acts/assign/{row.pk}/", data, "работает", "expert"
    )
    assert 'value="ekmp"' in page
    assert not Control.objects.exists()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [(-5, "Акт раньше запроса"), (2, "ещё не наступила")],
)
def test_an_act_before_its_request_or_in_the_future(go: Any, play: Play, on: int, sentence: str) -> None:
    control = play.assigned()
    day = timezone.localdate() + timedelta(days=on)
    data = {
        "number": "Э-1",
        "on": f"{day:%d.%m.%Y}",
        "conclusion": "Долгие выводы эксперта",
        "note1": "Снимок",
        "version": 1,
    }
    address = f"/complaints/{play.case.appeal.number}/acts/act/{control.pk}/"
    page = refused(go, "sp3", address, {**data, "code1": "3.3", "billed1": "1000", "base1": "500"}, sentence, "on")
    assert "Долгие выводы эксперта" in page
    assert "Снимок" in page
    control.refresh_from_db()
    assert (control.state, control.violations.count()) == ("assigned", 0)


@pytest.mark.parametrize("name", ["billed1", "base1"])
def test_sums_of_an_act_below_zero(go: Any, play: Play, name: str) -> None:
    control = play.assigned()
    data = {
        "on": f"{timezone.localdate():%d.%m.%Y}",
        "conclusion": "Выводы",
        "code1": "3.3",
        "billed1": "1",
        "base1": "1",
    }
    address = f"/complaints/{play.case.appeal.number}/acts/act/{control.pk}/"
    page = refused(go, "sp3", address, {**data, name: "-5"}, "меньше нуля", name)
    assert "Выводы" in page
    assert "-5" in page


@pytest.mark.parametrize("base", ["", " "])
def test_a_fine_wants_its_base(go: Any, play: Play, base: str) -> None:
    """A violation that is fined is never fined by nothing in silence; one that is not needs no base."""
    control = play.assigned()
    data = {"on": f"{timezone.localdate():%d.%m.%Y}", "conclusion": "Выводы", "version": control.version}
    data |= {"code1": "3.1", "billed1": "10", "base1": "", "code2": "3.3", "billed2": "1000", "base2": base}
    address = f"/complaints/{play.case.appeal.number}/acts/act/{control.pk}/"
    page = refused(go, "sp3", address, data, "За нарушение 3.3 штрафуют: укажите базу штрафа", "base2")
    assert "base1" not in said(page)
    assert go("sp3", address, {**data, "base2": "500"}).status_code == 302
    assert list(control.violations.values_list("code", "fine")) == [("3.1", 0), ("3.3", 150)]


@pytest.mark.parametrize("base", ["0", "0,00"])
def test_a_fine_is_never_of_nothing(go: Any, play: Play, base: str) -> None:
    control = play.assigned()
    data = {"on": f"{timezone.localdate():%d.%m.%Y}", "conclusion": "Выводы", "version": control.version}
    data |= {"code1": "3.1", "billed1": "10", "base1": "0", "code2": "3.3", "billed2": "1000", "base2": base}
    address = f"/complaints/{play.case.appeal.number}/acts/act/{control.pk}/"
    page = refused(go, "sp3", address, data, "За нарушение 3.3 штрафуют: база штрафа больше нуля", "base2")
    assert "base1" not in said(page)
    act = {"number": "", "on": timezone.localdate(), "conclusion": "Выводы"}
    act["found"] = [Found("3.3", "outpatient", Decimal(1000), Decimal(0))]
    with pytest.raises(ComplaintsError, match="база штрафа больше нуля"):
        play.as_(play.expert, services.write_act, control.pk, **act)


def test_the_fund_looks_again_at_an_act_fined_by_nothing(play: Play) -> None:
    """An act written before that rule is not in the way of a decision: the second look copies its bases."""
    act = play.handed(LATE_CARE)
    act.violations.update(base=0)
    play.as_(play.clerk, services.claim, act.pk, number="7", grounds="Не согласны")
    claim = Claim.objects.get()
    play.as_(play.fund, services.review, claim.pk, expert=play.experts.second)
    given = {"decision": "unjustified", "answer": "Акт верен", "conclusion": "Подтверждено"}
    upheld = set(act.violations.values_list("pk", flat=True))
    play.as_(play.fund, services.decide_claim, claim.pk, upheld=upheld, **given)
    claim.refresh_from_db()
    assert claim.decision == "unjustified"


def test_money_given_back_below_zero(go: Any, play: Play) -> None:
    data = {"how": "money", "on": f"{timezone.localdate():%d.%m.%Y}", "amount": "-1", "note": "Чек", "version": 1}
    page = refused(go, "sp3", f"/complaints/{play.case.appeal.number}/acts/restore/", data, "нуля", "amount")
    assert "Чек" in page
    assert not Restoration.objects.exists()


@pytest.mark.parametrize(("name", "code"), [("claimed", "dispute"), ("awarded", "end")])
def test_sums_of_a_dispute_below_zero(go: Any, play: Play, name: str, code: str) -> None:
    today = timezone.localdate()
    row = Dispute.objects.create(case=play.case, track="court", filed_on=today, place="Районный суд")
    data = {
        "track": "court", "place": "Областной суд", "filed_on": f"{today:%d.%m.%Y}", "outcome": "refused",
        "decided_on": f"{today:%d.%m.%Y}", name: "-0,01",
    }  # fmt: skip
    way = f"end/{row.pk}/" if code == "end" else "dispute/"
    refused(go, "sp3", f"/complaints/{play.case.appeal.number}/acts/{way}", data, "меньше нуля", name)
    row.refresh_from_db()
    assert (row.outcome, Dispute.objects.count()) == ("", 1)


def test_a_dispute_decided_before_it_was_filed(go: Any, play: Play) -> None:
    today = timezone.localdate()
    row = Dispute.objects.create(case=play.case, track="court", filed_on=today, place="Районный суд")
    data = {
        "outcome": "satisfied",
        "decided_on": f"{today - timedelta(days=1):%d.%m.%Y}",
        "awarded": "15000,50",
        "payer": "fund",
    }
    data["version"] = str(Case.objects.get().version)
    address = f"/complaints/{play.case.appeal.number}/acts/end/{row.pk}/"
    page = refused(go, "sp3", address, data, "Решение раньше подачи", "decided_on")
    assert "15000,50" in page


def test_a_right_restored_in_the_future(go: Any, play: Play, complaint: Appeal) -> None:
    later = f"{timezone.localdate() + timedelta(days=2):%d.%m.%Y}"
    data = {"how": "appointment", "on": later, "note": "Запись на утро", "version": 1}
    page = refused(go, "sp3", f"/complaints/{complaint.number}/acts/restore/", data, "ещё не наступило", "on")
    assert "Запись на утро" in page


@pytest.mark.parametrize(
    ("since", "until", "name", "sentence"),
    [(-5, -9, "care_to", "кончается раньше"), (2, 3, "care_from", "ещё не наступило")],
)
def test_a_period_of_care(go: Any, play: Play, since: int, until: int, name: str, sentence: str) -> None:
    play.decided()
    first, last = (f"{timezone.localdate() + timedelta(days=days):%d.%m.%Y}" for days in (since, until))
    data = {
        "provider": play.place.clinic.pk, "patient": "Соловьёва", "conditions": "outpatient", "care_from": first,
        "care_to": last, "wanted": "Карта и снимки", "version": Case.objects.get().version,
    }  # fmt: skip
    page = refused(go, "sp3", f"/complaints/{play.case.appeal.number}/acts/ask/", data, sentence, name)
    assert "Карта и снимки" in page
