"""Two people on one page of a clinic or of the fund: the second is told what stands now, what she typed stays."""

import re
from typing import Any

import pytest

from opora.complaints import services
from opora.complaints.errors import CaseChanged
from opora.complaints.models import Claim
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE
from opora.complaints.tests.test_two_people import version_on

CLAIM = {"number": "П-1", "grounds": "Лечили верно"}


def told(page: str) -> tuple[str, dict[str, str]]:
    """Return what the notice says and what it lists."""
    notice = page[page.index("Пока страница была открыта") :]
    notice = notice[: notice.index("<section")]
    words = " ".join(re.sub(r"<[^>]+>", " ", notice).split())
    return words, dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", notice, re.DOTALL))


def test_a_second_answer_shows_the_first(go: Any, play: Play) -> None:
    row = play.asked()
    address = f"/complaints/requests/{row.pk}/"
    mine = {"version": version_on(go("clerk", address).content.decode()), "text": "Карты нет, сгорела"}
    play.as_(play.clerk, services.answer, row.pk, text="Карта передана курьером")
    answer = go("clerk", address, mine)
    words, listed = told(answer.content.decode())
    assert answer.status_code == 422
    assert "запрос изменили. Сейчас: клиника ответила, Клинова Р." in words
    assert "Ваше не записано" in words
    assert listed["Ответ словами"] == "Карты нет, сгорела", "what was typed stands last"
    assert "Карта передана курьером" in words
    row.refresh_from_db()
    assert row.answer == "Карта передана курьером"


def test_what_came_back_is_answered_again(go: Any, play: Play) -> None:
    """The page of an older answer is refused once; saved again it stands over that."""
    row = play.asked()
    address = f"/complaints/requests/{row.pk}/"
    mine = {"version": row.version, "text": "Карта в архиве"}
    play.as_(play.clerk, services.answer, row.pk, text="Везём")
    play.as_(play.expert, services.send_back, row.pk, why="Нет снимков")
    page = go("clerk", address, mine).content.decode()
    words, listed = told(page)
    assert listed["Ответ словами"] == "Везём"
    assert "Отправьте ещё раз" in words
    assert "Карта в архиве" in page
    assert go("clerk", address, {**mine, "version": version_on(page)}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer) == ("answered", "Карта в архиве")


def test_a_second_signature_shows_the_disagreement(go: Any, play: Play) -> None:
    row = play.handed(LATE_CARE)
    address = f"/complaints/acts/{row.pk}/"
    mine = {"version": version_on(go("clerk", address).content.decode()), "agrees": "yes", "disagreement": ""}
    play.as_(play.clerk, services.sign, row.pk, disagreement="Исследование сделано")
    answer = go("clerk", address, mine)
    words, _ = told(answer.content.decode())
    assert answer.status_code == 422
    assert "акт изменили. Сейчас: есть разногласия, Клинова Р." in words
    assert "Ответ клиники Не согласны, есть разногласия Разногласия Исследование сделано" in words
    assert "Вы написали: Ответ клиники Согласны, подписываем" in words
    row.refresh_from_db()
    assert row.state == "disputed"


def test_a_second_claim_shows_the_first(go: Any, play: Play) -> None:
    row = play.handed(LATE_CARE)
    address = f"/complaints/acts/{row.pk}/"
    page = go("clerk", address).content.decode()
    assert page.count(f'name="version" value="{row.version}"') == 2, "both forms know the page"
    mine = {"what": "claim", "version": row.version, "number": "П-2", "grounds": "Своими словами"}
    play.as_(play.clerk, services.claim, row.pk, **CLAIM)
    answer = go("clerk", address, mine)
    words, _ = told(answer.content.decode())
    assert answer.status_code == 422
    assert "Сейчас: подана претензия № П-1, Клинова Р." in words
    assert "С чем клиника не согласна Лечили верно" in words
    assert "Вы написали: Номер претензии П-2 С чем клиника не согласна Своими словами" in words
    assert Claim.objects.get().number == "П-1"


def test_who_ends_a_control_sees_the_claim_filed_meanwhile(play: Play) -> None:
    row = play.handed(LATE_CARE)
    play.as_(play.clerk, services.sign, row.pk)
    row.refresh_from_db()
    play.as_(play.clerk, services.claim, row.pk, **CLAIM)
    with pytest.raises(CaseChanged):
        play.as_(play.expert, services.finish, row.pk, version=row.version)


def test_a_second_decision_of_the_fund_shows_the_first(go: Any, play: Play) -> None:
    row = play.handed(LATE_CARE)
    play.as_(play.clerk, services.claim, row.pk, **CLAIM)
    claim = Claim.objects.get()
    address = f"/complaints/claims/{claim.pk}/"
    page = go("op2", address).content.decode()
    assert page.count(f'name="version" value="{claim.version}"') == 2
    expert = {"expert": play.experts.second.pk, "version": claim.version}
    assert go("op2", f"{address}review/", expert).status_code == 302
    mine = {"decision": "justified", "answer": "Клиника права", "version": claim.version}
    page = go("op2", address, mine).content.decode()
    assert "Сейчас: поручена повторная экспертиза, Вторых А." in told(page)[0]
    given = {"decision": "unjustified", "answer": "Акт верен", "conclusion": "Подтверждено"}
    upheld = set(row.violations.values_list("pk", flat=True))
    play.as_(play.fund, services.decide_claim, claim.pk, upheld=upheld, **given)
    answer = go("op2", address, {**mine, "version": version_on(page)})
    words, _ = told(answer.content.decode())
    assert answer.status_code == 422
    assert "Сейчас: не обоснована, Вторых А." in words
    assert "Ответ клинике Акт верен" in words
    assert "Ответ клинике Клиника права" in words
