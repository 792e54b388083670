"""Pages of the room: who opens them, what is done on them, what a clinic never sees."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.audit.models import AuditLine
from opora.complaints import services
from opora.complaints.models import Case, Claim, Control, Expert, RecordsRequest
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE

type SignIn = Callable[[str | None], Client]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

WHO_SEES = [
    ("board", "sp3", 200),
    ("board", "op2", 200),
    ("board", "alina", 403),
    ("board", "clerk", 403),
    ("board", None, 302),
    ("case", "sp3", 200),
    ("case", "boris", 200),
    ("case", "timur", 302),  # an analyst says first why
    ("case", "op2", 200),
    ("case", "vera", 403),
    ("case", "clerk", 403),
    ("experts", "sp3", 200),
    ("inbox", "clerk", 200),
    ("inbox", "sp3", 403),
    ("claims", "op2", 200),
    ("claims", "sp3", 403),
    ("clinic", "sp3", 200),
]


@pytest.mark.parametrize(("page", "who", "status"), WHO_SEES)
def test_who_sees(go: Any, complaint: Appeal, place: Any, page: str, who: str | None, status: int) -> None:
    address = {"board": "", "case": f"{complaint.number}/", "clinic": f"clinics/{place.clinic.pk}/"}.get(
        page, f"{page}/"
    )
    answer = go(who, f"/complaints/{address}")
    assert answer.status_code == status


def test_a_case_of_another_insurer_is_not_found(go: Any, complaint: Appeal, cast: Any) -> None:
    from opora.organisations.models import Role

    cast.vera.assignments.update(role=Role.objects.get(slug="sp3"))
    assert go("vera", f"/complaints/{complaint.number}/").status_code == 404


def test_reading_a_case_is_written_down(go: Any, complaint: Appeal) -> None:
    go("sp3", f"/complaints/{complaint.number}/")
    assert AuditLine.objects.filter(action="complaints.case.read", subject_id=str(complaint.pk)).exists()


def version_of(code: str, case: Case) -> int:
    """Return the version that the page of an act holds: that of its row, where it has one."""
    row = code.partition("/")[2]
    found = [one for model in (RecordsRequest, Control) for one in model.objects.filter(pk=row)] if "-" in row else []
    return next((one.version for one in found), Case.objects.get(pk=case.pk).version)


def test_the_whole_path_on_pages(go: Any, play: Play, complaint: Appeal, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    here = f"/complaints/{complaint.number}/"
    today = timezone.localdate()

    def act(code: str, data: dict[str, Any], who: str = "sp3", status: int = 302) -> None:
        answer = go(who, f"{here}acts/{code}/", {"version": version_of(code, play.case), **data})
        assert answer.status_code == status, answer.content.decode()[-3000:]

    act("take", {"version": 99}, status=302)  # somebody was faster: told, nothing changed
    assert play.case.expert is None
    act("take", {})
    act("decide", {"decision": "needed"}, status=404)
    act("standing", {"speaks": "patient", "consent": "given"})
    act("decide", {"decision": "not_needed"}, status=422)
    act("decide", {"decision": "needed", "ground": "complaint"})
    care = {"care_from": str(today - timedelta(days=9)), "care_to": str(today - timedelta(days=3))}
    wanted = {"provider": play.place.clinic.pk, "patient": "Соловьёва", "conditions": "outpatient", "wanted": "Карта"}
    act("ask", {**wanted, "care_from": care["care_to"], "care_to": care["care_from"]}, status=422)
    act("ask", {**wanted, **care})
    request = RecordsRequest.objects.get()

    asked = f"/complaints/requests/{request.pk}/"
    assert request.number in go("clerk", "/complaints/inbox/").content.decode()
    assert go("clerk", asked, {"text": ""}).status_code == 422
    go("clerk", f"{asked}papers/", {"files": SimpleUploadedFile("карта.pdf", PDF)})
    paper = request.papers.get()
    assert go("clerk", asked, {"text": "", "version": request.version}).status_code == 302
    assert b"".join(go("sp3", f"/complaints/papers/{request.pk}/{paper.pk}/").streaming_content) == PDF

    act(f"accept/{request.pk}", {})
    act(f"assign/{request.pk}", {"kind": "ekmp", "expert": play.experts.busy.pk}, status=422)
    act(f"assign/{request.pk}", {"kind": "ekmp", "expert": play.experts.free.pk})
    control = Control.objects.get()
    line = {"code1": "3.3", "billed1": "1000", "base1": "500,00", "note1": "Нет исследования"}
    given = {"number": "Э-1", "on": str(today), "conclusion": "Не обследован", **line}
    act(f"act/{control.pk}", {**given, "billed1": "-1"}, status=422)
    act(f"act/{control.pk}", given)
    act(f"hand-over/{control.pk}", {})
    control.refresh_from_db()
    handed = go("clerk", f"/complaints/acts/{control.pk}/").content.decode()
    assert "400,00" in handed
    assert "Лечили не то" not in handed
    answer = f"/complaints/acts/{control.pk}/"
    for given in ({}, {"agrees": "no"}, {"agrees": "yes", "disagreement": "Нет"}):
        assert go("clerk", answer, given).status_code == 422
    assert go("clerk", answer, {"agrees": "yes", "version": control.version}).status_code == 302
    act(f"finish/{control.pk}", {"reply": ""})
    reason = complaint.reasons.get()
    act(f"verdict/{reason.pk}", {"verdict": "justified", "why": "Акт Э-1"})
    act("restore", {"how": "money", "on": str(today), "amount": "0"}, status=422)
    act("restore", {"how": "money", "on": str(today), "amount": "1500"})
    act("close", {})
    assert "завершено" in go("sp3", here).content.decode()
    assert complaint.number in go("sp3", "/complaints/?stage=closed").content.decode()
    assert "Дело по жалобе" in go("sp3", f"/appeals/{complaint.number}/").content.decode()


def test_a_claim_on_pages(go: Any, play: Play) -> None:
    control = play.handed(LATE_CARE)
    act = f"/complaints/acts/{control.pk}/"
    assert go("clerk", act, {"what": "claim", "number": "П-1", "grounds": ""}).status_code == 422
    filed = {"what": "claim", "number": "П-1", "grounds": "Не согласны", "version": control.version}
    assert go("clerk", act, filed).status_code == 302
    claim = Claim.objects.get()
    page = f"/complaints/claims/{claim.pk}/"
    assert "Не согласны" in go("op2", page).content.decode()
    assert go("op2", f"{page}review/", {"expert": play.experts.free.pk}).status_code == 422
    assert go("op2", f"{page}review/", {"expert": play.experts.second.pk, "version": claim.version}).status_code == 302
    claim.refresh_from_db()
    decided = {"decision": "justified", "answer": "Согласны", "act_number": "РЭ-1", "conclusion": "Проведено"}
    decided |= {"version": str(claim.version)}
    assert go("op2", page, {**decided, "upheld": [control.violations.get().pk]}).status_code == 422
    assert go("op2", page, decided).status_code == 302
    assert "снято фондом" in go("sp3", f"/complaints/{play.case.appeal.number}/").content.decode()
    assert "Обоснована" in go("op2", "/complaints/claims/?state=decided").content.decode()


def test_a_disagreement_is_answered_violation_by_violation(go: Any, play: Play) -> None:
    act = play.handed(LATE_CARE, replace(LATE_CARE, code="3.4"))
    play.as_(play.clerk, services.sign, act.pk, disagreement="3.4 не было")
    case, ours = f"/complaints/{play.case.appeal.number}/", act.violations.get(code="3.3")
    page = f"{case}acts/finish/{act.pk}/"
    asked = go("sp3", page).content.decode()
    assert (asked.count('name="upheld"'), asked.count(" checked")) == (2, 2)
    assert "Клиника не согласна: 3.4 не было" in asked
    version = Control.objects.get().version
    assert go("sp3", page, {"reply": "", "upheld": [ours.pk], "version": version}).status_code == 422
    assert go("sp3", page, {"reply": "Вы правы", "upheld": [ours.pk], "version": version}).status_code == 302
    assert "снято по разногласиям" in go("sp3", case).content.decode()
    handed = go("clerk", f"/complaints/acts/{act.pk}/").content.decode()
    assert "снято по разногласиям" in handed
    assert re.search(r"Всего не оплатить <b[^>]*>400,00 ₽</b>, штраф <b[^>]*>150,00 ₽</b>", handed)


def test_an_expert_is_written_with_his_clinics(go: Any, play: Play, place: Any) -> None:
    given = {
        "surname": "Новый",
        "given_name": "Пётр",
        "kind": "ekmp",
        "code": "77",
        "specialty": "Хирургия",
        "since": "01.01.2020",
        "employers": [place.clinic.pk],
    }
    assert go("sp3", "/complaints/experts/new/", given).status_code == 302
    expert = Expert.objects.get(code="77")
    assert expert.employments.get().provider == place.clinic
    assert go("sp3", f"/complaints/experts/{expert.pk}/", {**given, "employers": []}).status_code == 302
    assert expert.employments.get().until == timezone.localdate()
    assert "Новый" in go("sp3", "/complaints/experts/").content.decode()


GARBAGE = ["?stage=x&due=x&after=x", "?stage=closed&after=%00", "?mine=1&stage=opened"]


@pytest.mark.parametrize("query", GARBAGE)
def test_garbage_in_the_address_is_no_fault(go: Any, complaint: Appeal, query: str) -> None:
    assert go("sp3", f"/complaints/{query}").status_code == 200


@pytest.mark.parametrize("address", ["x%00/", "999/", "acts/x/", "requests/x/"])
def test_what_is_not_there_is_not_found(go: Any, complaint: Appeal, address: str) -> None:
    assert go("sp3", f"/complaints/{address}").status_code in {404}


def test_the_board_asks_little(signed_in: SignIn, complaint: Appeal, django_assert_max_num_queries: Any) -> None:
    client = signed_in("sp3")
    client.get("/complaints/")
    with django_assert_max_num_queries(20):
        client.get("/complaints/")
