"""A complaint from the call to the restored right, by keyboard: an insurer, a clinic and the fund at their desks; and a
clinic's claim that changes a verdict."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from config.browser import alone
from opora.appeals import commonest
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.models import Appeal, Reason
from opora.complaints.models import Case, Claim, Control, RecordsRequest, Recourse, Restoration
from opora.complaints.tests.conftest import Play, case, complaint, experts, play
from opora.complaints.tests.test_path import LATE_CARE
from tests.hands import PATIENCE, Desk, Hands, desk

__all__ = ["case", "complaint", "desk", "experts", "play"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
STORY = "Назначили исследование, а в регистратуре сказали ждать два месяца."


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    commonest.forget()


def test_from_the_call_to_the_restored_right(
    desk: Desk,
    cast: SimpleNamespace,
    place: SimpleNamespace,
    topics: SimpleNamespace,
    experts: SimpleNamespace,
    polina: Any,
) -> None:
    number = called(desk("alina"), place)
    expert, clinic, fund = desk("sp3"), desk("clerk"), desk("op2")
    decides_and_asks(expert, number)
    sends_documents(clinic)
    assigns_and_writes_the_act(expert, number, experts)
    watches(fund, number, "Акт у клиники")
    signs(clinic)
    restores(expert, number)
    watches(fund, number, "завершено")

    found = Case.objects.get(appeal__number=number)
    assert (found.stage, found.expert, found.insurer) == ("closed", cast.sp3, place.alfa)
    assert Reason.objects.get().verdict == "justified"
    assert Restoration.objects.get().how == "appointment"
    assert Control.objects.get().act_number == f"1/{timezone.localdate().year}"
    told = list(found.events.order_by("at", "id").values_list("kind", flat=True))
    assert told == [
        "opened", "taken", "standing", "decided", "requested", "answered", "accepted", "assigned", "act", "handed",
        "signed", "final", "verdict", "restored", "closed",
    ]  # fmt: skip


def called(hands: Hands, place: SimpleNamespace) -> str:
    """Полина phones; the operator writes a complaint on a clinic and gives it to the expert. Returns its number."""
    hands.opens_desk()
    hands.press("n")
    hands.is_at("#person")
    hands.type("соловьева 140385")
    hands.sees("#who-found [data-pick]", "Соловьёва-Седая")
    hands.press("Enter")
    hands.is_at(".common-topic")
    hands.page.locator("[name=kind]:checked").focus()
    hands.choose_radio("complaint")
    expect(hands.page.locator("#reasons-title")).to_be_visible(timeout=PATIENCE)
    hands.walk_to("#topic")
    hands.type("качество")
    hands.sees("#topic-found [data-pick]", "Качество помощи")
    hands.press("Enter")
    hands.sees("[data-chosen]", "Качество помощи")
    hands.is_at("#text")
    hands.write(STORY)
    hands.walk_to("[name=reason_provider_name]")
    hands.press("Control+a")
    hands.type("Поликлиника № 1")
    hands.sees(".reason [data-pick]", "Поликлиника № 1")
    hands.press("Enter")
    expect(hands.page.locator("[name=reason_provider]").first).to_have_value(str(place.clinic.pk), timeout=PATIENCE)
    hands.press("Escape", "p")
    hands.is_at("#ways .way")
    hands.page.locator("#to").focus()
    hands.choose("line:sp3")
    hands.walk_to("#why")
    hands.press("Control+a")
    hands.write("Жалоба на качество: эксперту")
    hands.picture("1-call")
    hands.walk_to("button[value=hand_over]")
    hands.press("Enter")
    hands.sees(".registered .number")
    told()
    return hands.page.locator(".registered .number").inner_text().strip()


def told() -> None:
    """Do what the chainer does within a second."""
    with alone():
        while chain_batch():
            pass


def opens_from_the_board(hands: Hands, number: str) -> None:
    """G W, J, Enter."""
    hands.opens_desk()
    hands.press("g", "w")
    hands.sees("h1", "Жалобы")
    hands.page.wait_for_load_state("load")
    hands.press("j")
    expect(hands.page.locator("[data-open]:focus")).to_have_text(number, timeout=PATIENCE)
    hands.press("Enter")
    hands.sees(".case-head h1", number)
    hands.page.wait_for_load_state("load")


def opens(hands: Hands, key: str, heading: str, field: str) -> None:
    """Press the key of an act that asks something: its form is there, the hands in its first field."""
    hands.press(key)
    hands.sees("h1", heading)
    hands.is_at(field)
    hands.page.wait_for_load_state("load")


def saves(hands: Hands, said: str, then: str = ".case-head h1") -> None:
    hands.press("Control+Enter")
    hands.sees("body", said)
    hands.sees(then)
    hands.page.wait_for_load_state("load")


def decides_and_asks(hands: Hands, number: str) -> None:
    opens_from_the_board(hands, number)
    hands.sees("#essence", STORY)
    hands.picture("2-new-case")
    hands.press("t")
    hands.sees("body", "Дело у вас")
    hands.page.wait_for_load_state("load")
    opens(hands, "c", "Кто жалуется", "[name=speaks]")
    saves(hands, "Сам пациент")
    opens(hands, "d", "Решить об экспертизе", "[name=decision]")
    hands.picture("3-decide")
    hands.choose_radio("needed")
    hands.walk_to("#id_ground")
    hands.choose("complaint")
    saves(hands, "Экспертиза нужна")
    opens(hands, "a", "Запросить документы", "#id_provider")
    hands.walk_to("#id_care_from")
    hands.write("01.03.2026")
    hands.press("Tab")
    hands.write("10.02.2026")
    hands.press("Control+Enter")
    hands.sees("main .error", "раньше")
    hands.picture("4-ask-refused")
    hands.walk_to("#id_care_to", 30)
    hands.press("Control+a")
    hands.write("10.03.2026")
    saves(hands, "Запрос у клиники")
    hands.picture("5-asked")


def sends_documents(hands: Hands) -> None:
    hands.opens_desk()
    hands.press("g", "n")
    hands.sees("h1", "Запросы и акты")
    hands.page.wait_for_load_state("load")
    hands.picture("6-inbox")
    hands.press("j", "Enter")
    hands.sees("h1", "Запрос")
    hands.page.wait_for_load_state("load")
    expect(hands.page.locator("main")).not_to_contain_text(STORY)
    file = {"name": "карта.pdf", "mimeType": "application/pdf", "buffer": PDF}
    hands.page.locator("#new-papers").set_input_files(file)  # type: ignore[arg-type]
    hands.page.get_by_role("button", name="Приложить").press("Enter")
    hands.sees("main", "карта.pdf")
    hands.page.wait_for_load_state("load")
    hands.picture("7-clinic-answers")
    hands.press("Control+Enter")
    hands.sees("body", "Ответ отправлен")


def assigns_and_writes_the_act(hands: Hands, number: str, experts: SimpleNamespace) -> None:
    hands.page.goto(f"{hands.site}/complaints/{number}/")
    hands.sees("#records", "карта.pdf")
    hands.page.wait_for_load_state("load")
    hands.press("y")
    hands.sees("#records", "документы приняты")
    hands.page.wait_for_load_state("load")
    opens(hands, "e", "Поручить эксперту", "[name=kind]")
    hands.choose_radio("ekmp")
    hands.walk_to("#id_expert")
    expect(hands.page.locator("#id_expert")).not_to_contain_text("Здешний")
    hands.choose(str(experts.free.pk))
    saves(hands, "Экспертиза поручена")
    opens(hands, "w", "Акт", "#id_number")
    hands.walk_to("#id_conclusion")
    hands.write("Исследование назначено и не проведено в срок.")
    hands.walk_to("#id_code1")
    hands.choose("3.3")
    hands.walk_to("#id_billed1")
    hands.write("1000")
    hands.walk_to("#id_base1")
    hands.write("500")
    hands.picture("8-act")
    saves(hands, "Акт записан")
    hands.sees("#controls", "400,00")
    hands.press("h")
    hands.sees("body", "Акт у клиники")
    hands.page.wait_for_load_state("load")
    hands.picture("9-handed")


def watches(hands: Hands, number: str, stage: str) -> None:
    """The fund reads every case of the territory and does not act on an insurer's."""
    hands.page.goto(f"{hands.site}/complaints/{number}/")
    hands.sees(".case-head", stage.lower())
    expect(hands.page.locator(".acts, .case-section form")).to_have_count(0)


def signs(hands: Hands) -> None:
    hands.page.goto(f"{hands.site}/complaints/inbox/")
    hands.sees("h1", "Запросы и акты")
    hands.page.wait_for_load_state("load")
    hands.press("j", "Enter")
    hands.sees("h1", "акт")
    hands.page.wait_for_load_state("load")
    hands.press("Control+Enter")
    hands.sees("main .error", "согласна ли клиника")
    hands.page.wait_for_load_state("load")
    hands.page.locator("[name=agrees]").first.focus()
    hands.press("Space")
    hands.picture("10-clinic-signs")
    hands.press("Control+Enter")
    hands.sees("body", "Ответ на акт отправлен")


def restores(hands: Hands, number: str) -> None:
    hands.page.goto(f"{hands.site}/complaints/{number}/")
    hands.sees("#controls", "клиника согласна")
    hands.page.wait_for_load_state("load")
    opens(hands, "f", "Завершить экспертизу", "#id_reply")
    saves(hands, "Экспертиза завершена")
    opens(hands, "v", "Решение", "[name=verdict]")
    hands.choose_radio("justified")
    hands.walk_to("#id_why")
    hands.write("Акт экспертизы")
    saves(hands, "Решение записано")
    opens(hands, "r", "Право восстановлено", "[name=how]")
    hands.choose_radio("appointment")
    hands.walk_to("#id_note")
    hands.write("Исследование провели")
    saves(hands, "записали на приём")
    hands.press("x")
    hands.sees(".case-head h1", "завершено")
    hands.picture("11-closed")


def test_a_claim_changes_the_verdict(desk: Desk, play: Play, complaint: Appeal, experts: SimpleNamespace) -> None:
    act = play.handed(LATE_CARE)
    clinic, expert, fund = desk("clerk"), desk("sp3"), desk("op2")
    disagrees_and_claims(clinic)
    judged_and_ended(expert, complaint.number, play)
    decides(fund, experts)
    changes_the_verdict(expert, complaint.number)

    claim = Claim.objects.get()
    assert (claim.decision, claim.review and claim.review.state, claim.control) == ("justified", "final", act)
    assert act.violations.get().is_upheld is False
    assert Reason.objects.get().verdict == "unjustified"
    assert play.stage() == "ready"
    assert RecordsRequest.objects.count() == 1


def disagrees_and_claims(hands: Hands) -> None:
    hands.page.goto(f"{hands.site}/complaints/inbox/")
    hands.press("j", "Enter")
    hands.sees("h1", "акт")
    hands.page.wait_for_load_state("load")
    hands.page.locator("[name=agrees]").first.focus()
    hands.press("ArrowDown")
    hands.walk_to("#id_disagreement")
    hands.write("Исследование проведено третьего марта")
    hands.press("Control+Enter")
    hands.sees("body", "Ответ на акт отправлен")
    hands.page.wait_for_load_state("load")
    hands.walk_to("#id_number", 40)
    hands.write("П-7")
    hands.walk_to("#id_grounds")
    hands.write("Запись об исследовании есть в карте, лист 12.")
    hands.picture("20-claim")
    hands.press("Control+Enter")
    hands.sees("body", "Претензия подана в фонд")


def judged_and_ended(hands: Hands, number: str, play: Play) -> None:
    """The expert sees at once that the fund has a claim: nothing can be decided meanwhile."""
    hands.page.goto(f"{hands.site}/complaints/{number}/")
    hands.sees(".case-head", "претензия у фонда")
    hands.sees("#controls", "лист 12")
    hands.page.wait_for_load_state("load")
    opens(hands, "f", "Завершить экспертизу", "#id_reply")
    hands.write("Запись внесена позже")
    saves(hands, "Экспертиза завершена")


def decides(hands: Hands, experts: SimpleNamespace) -> None:
    hands.opens_desk()
    hands.press("g", "z")
    hands.sees("h1", "Претензии клиник")
    hands.page.wait_for_load_state("load")
    hands.press("j", "Enter")
    hands.sees("h1", "П-7")
    hands.page.wait_for_load_state("load")
    hands.walk_to("#id_expert", 40)
    hands.choose(str(experts.second.pk))
    hands.picture("21-claim-of-fund")
    hands.press("Control+Enter")
    hands.sees("body", "Повторная экспертиза поручена")
    hands.page.wait_for_load_state("load")
    hands.page.locator("[name=decision]").first.focus()
    hands.press("Space")
    hands.walk_to("#id_answer", 20)
    hands.write("Запись об исследовании подлинная")
    hands.press("Control+Enter")
    hands.sees("main .error")
    hands.page.wait_for_load_state("load")
    expect(hands.page.locator("#id_answer")).to_have_value("Запись об исследовании подлинная")
    hands.page.locator("[name=upheld]").first.focus()
    hands.press("Space")
    hands.walk_to("#id_conclusion")
    hands.write("Исследование проведено в срок")
    hands.picture("22-decision")
    hands.press("Control+Enter")
    hands.sees("body", "Решение принято")


def changes_the_verdict(hands: Hands, number: str) -> None:
    hands.page.goto(f"{hands.site}/complaints/{number}/")
    hands.sees("#controls", "снято фондом")
    hands.page.wait_for_load_state("load")
    opens(hands, "v", "Решение", "[name=verdict]")
    hands.choose_radio("unjustified")
    hands.walk_to("#id_why")
    hands.write("Решение фонда по претензии П-7")
    saves(hands, "Решение записано")
    hands.picture("23-changed")


def test_a_second_click_writes_nothing_again(desk: Desk, experts: SimpleNamespace) -> None:
    hands = desk("sp3")
    hands.page.goto(f"{hands.site}/complaints/recourse/new/")
    for name, text in {"filed_on": "02.03.2026", "court": "Районный суд", "care": "7,5"}.items():
        hands.page.locator(f"#id_{name}").fill(text)
    hands.page.get_by_role("button", name="Сохранить").dblclick()
    hands.sees("h1", "в суде")
    assert Recourse.objects.count() == 1
