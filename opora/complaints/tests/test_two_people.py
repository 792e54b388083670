"""Two people on one row: the second is told what the first has written, and nothing is lost."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from opora.complaints import services
from opora.complaints.errors import CaseChanged
from opora.complaints.models import CaseEvent, Control, Dispute
from opora.complaints.services import Found
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE

SECOND = Found("3.1", "outpatient", Decimal("200.00"), Decimal("0.00"))


def written(play: Play, *found: Found, version: int | None = None) -> Control:
    """Write the act of the case, in place of the one there is."""
    row = Control.objects.get()
    act = {"number": "Э-1", "on": timezone.localdate(), "conclusion": "Не обследован", "found": found}
    done: Control = play.as_(play.expert, services.write_act, row.pk, **act, version=version)
    return done


def test_an_act_written_over_stays_in_its_event(play: Play) -> None:
    play.assigned()
    written(play, LATE_CARE, SECOND)
    assert CaseEvent.objects.filter(kind="act").latest("at").details.keys() == {"control", "violations"}
    written(play, LATE_CARE, SECOND)
    assert CaseEvent.objects.filter(kind="act").latest("at").text == "", "the same act was written again"
    written(play, replace(LATE_CARE, note="Другое"))
    told = CaseEvent.objects.filter(kind="act").latest("at")
    lines = ["3.1: не оплатить 20,00 ₽, штраф 0,00 ₽", "3.3: не оплатить 400,00 ₽, штраф 150,00 ₽"]
    assert told.text.splitlines()[1:] == lines
    assert [(one["code"], one["billed"], one["note"]) for one in told.details["former"]["violations"]] == [
        ("3.1", "200.00", ""),
        ("3.3", "1000.00", "Не назначили исследование"),
    ]


def test_an_act_of_an_older_page_is_refused(play: Play) -> None:
    row = play.assigned()
    written(play, LATE_CARE, version=row.version)
    with pytest.raises(CaseChanged):
        written(play, SECOND, version=row.version)
    assert row.violations.get().code == "3.3"


@pytest.mark.parametrize("code", ["accept", "send_back", "assign", "cancel", "hand_over", "finish", "end", "verdict"])
def test_no_act_on_a_row_passes_an_older_page(play: Play, code: str) -> None:
    """Every service of a row knows the version of its page."""
    row = play.assigned()
    request, reason = row.request, play.case.appeal.reasons.get()
    dispute = Dispute.objects.create(case=play.case, track="court", filed_on=timezone.localdate(), place="Суд")
    service, key, given = {
        "accept": (services.accept, request.pk, {}),
        "send_back": (services.send_back, request.pk, {"why": "Нет карты"}),
        "assign": (services.assign, request.pk, {"kind": "mee", "expert": play.experts.mee}),
        "cancel": (services.cancel, row.pk, {"why": "Не надо"}),
        "hand_over": (services.hand_over, row.pk, {}),
        "finish": (services.finish, row.pk, {}),
        "end": (services.end_dispute, dispute.pk, {"outcome": "refused", "decided_on": timezone.localdate()}),
        "verdict": (services.set_verdict, reason.pk, {"verdict": "justified", "why": "Акт"}),
    }[code]
    with pytest.raises(CaseChanged, match="за это время изменил"):
        play.as_(play.expert, service, key, **given, version=99)


def test_the_second_is_shown_what_the_first_wrote(go: Any, play: Play) -> None:
    row = play.assigned()
    address = f"/complaints/{play.case.appeal.number}/acts/act/{row.pk}/"
    today = f"{timezone.localdate():%d.%m.%Y}"
    opened = go("sp3", address).content.decode()
    mine = {"version": version_on(opened), "number": "Э-1", "on": today, "conclusion": "Выводы второго"}
    mine |= {"code1": "3.1", "billed1": "200", "base1": "0"}
    written(play, LATE_CARE)
    answer = go("sp3", address, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Экспертизу за это время изменил другой сотрудник" in page
    told = dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL))
    assert told.pop("Нарушение, строка 1").startswith("3.3 ")
    assert told == {
        "Выводы эксперта": "Не обследован",
        "Стоимость случая, ₽, строка 1": "1000,00",
        "База штрафа, ₽, строка 1": "500,00",
        "В чём, строка 1": "Не назначили исследование",
    }
    assert "Выводы второго" in page
    assert row.violations.get().code == "3.3"
    assert go("sp3", address, {**mine, "version": version_on(page)}).status_code == 302
    assert row.violations.get().code == "3.1"
    assert "штраф 150,00 ₽" in go("sp3", f"/complaints/{play.case.appeal.number}/").content.decode()


def test_what_was_typed_stays_though_the_act_has_gone(go: Any, play: Play) -> None:
    row = play.assigned()
    address = f"/complaints/{play.case.appeal.number}/acts/act/{row.pk}/"
    mine = {"version": row.version, "number": "Э-1", "on": f"{timezone.localdate():%d.%m.%Y}", "conclusion": "Моё"}
    written(play, LATE_CARE)
    play.as_(play.expert, services.hand_over, row.pk)
    answer = go("sp3", address, mine)
    assert (answer.status_code, "Моё" in answer.content.decode()) == (422, True)
    assert go("sp3", address, {**mine, "version": Control.objects.get().version}).status_code == 404


def test_a_button_carries_the_version_of_its_row(go: Any, play: Play) -> None:
    row = play.asked()
    play.as_(play.clerk, services.answer, row.pk, text="Вот")
    address = f"/complaints/{play.case.appeal.number}/"
    page = go("sp3", address).content.decode()
    form = page[page.index(f"{address}acts/accept/{row.pk}/") :]
    assert version_on(form) == row.version + 1
    go("sp3", f"{address}acts/accept/{row.pk}/", {"version": row.version})
    row.refresh_from_db()
    assert row.state == "answered"
    go("sp3", f"{address}acts/accept/{row.pk}/", {"version": row.version})
    row.refresh_from_db()
    assert row.state == "accepted"


def version_on(page: str) -> int:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return int(found[1])
