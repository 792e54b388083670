"""One appeal by keyboard alone: three levels of an insurer, then the fund, to a delivered answer. No mouse anywhere."""

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from opora.appeals import commonest
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.chain.verify import verify
from opora.appeals.models import Answer, Appeal, Event, Grant
from tests.hands import CARD, Desk, Hands, desk

__all__ = ["desk"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_appeal_goes_up_three_levels_and_over_to_the_fund(
    desk: Desk, cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace, polina: Any
) -> None:
    commonest.forget()
    number = registered_by_the_first_level(desk("alina"))
    handed_up_by_the_second_level(desk("sp2"), number)
    handed_to_the_fund_by_the_expert(desk("sp3"), number, place)
    answered_by_the_fund(desk("op2"), number)

    appeal = Appeal.objects.get(number=number)
    assert (appeal.stage, appeal.outcome, appeal.handler, appeal.line) == ("closed", "consulted", place.fund, "op2")
    assert (appeal.organisation, appeal.line_received, appeal.owner) == (place.alfa, "sp1", cast.op2)
    assert appeal.answered_at
    assert appeal.closed_at
    answer = Answer.objects.get(appeal=appeal)
    assert (answer.state, answer.channel, answer.outgoing_number) == ("delivered", "post", "17-05/42")
    assert "четырнадцати рабочих дней" in answer.text
    assert "Фонд проверил" in answer.text

    told = list(Event.objects.filter(appeal=appeal).order_by("at", "id").values_list("kind", "employee_id", "line"))
    assert told == [
        ("registered", cast.alina.pk, "sp1"),
        ("handed_over", cast.alina.pk, "sp1"),
        ("taken", cast.sp2.pk, "sp2"),
        ("handed_over", cast.sp2.pk, "sp2"),
        ("taken", cast.sp3.pk, "sp3"),
        ("handed_over", cast.sp3.pk, "sp3"),
        ("taken", cast.op2.pk, "op2"),
        ("answer_prepared", cast.op2.pk, "op2"),
        ("answered", cast.op2.pk, "op2"),
        ("delivered", cast.op2.pk, "op2"),
        ("closed", cast.op2.pk, "op2"),
    ]
    grants = {grant.organisation_id: grant for grant in Grant.objects.filter(appeal=appeal)}
    assert set(grants) == {place.alfa.pk, place.fund.pk}
    assert all(grant.depth3 == 4 and grant.stage == "closed" for grant in grants.values())
    assert chain_batch() == len(told)
    assert verify().findings == []


def registered_by_the_first_level(hands: Hands) -> str:
    """Полина waits for a CT too long; the first level hands it up. Returns the number."""
    hands.opens_desk()
    hands.press("n")
    hands.is_at("#person")
    hands.type("соловьева 140385")
    hands.sees("#who-found [data-pick]", "Соловьёва-Седая")
    hands.press("Enter")
    hands.sees("#who-step .picked", "Соловьёва-Седая")
    hands.is_at(".common-topic")
    hands.type("chjr")  # «срок»: a letter on the topics begins a search, in either layout
    hands.sees("#topic-found [data-pick]", "Сроки ожидания")
    hands.press("Enter")
    hands.sees("[data-chosen]", "Сроки ожидания")
    hands.is_at("#text")
    hands.write("КТ назначили шестого, записали через месяц. Это дольше, чем положено?")
    hands.press("Escape", "p")
    hands.is_at("#ways .way")
    hands.sees("#ways .way", "На линию СП2")
    hands.press("1")
    hands.is_at("#why")
    expect(hands.page.locator("#to")).to_have_value("line:sp2")
    expect(hands.page.locator("#why")).to_have_value("Вопрос не типовой: на 2-й уровень.")
    hands.write("Не знаю, от какого дня считать срок")  # the reason offered is selected: words of her own replace it
    hands.picture("1-intake")
    hands.walk_to("button[value=hand_over]")
    hands.press("Enter")
    hands.sees(".registered .number")
    hands.picture("2-registered")
    return hands.page.locator(".registered .number").inner_text().strip()


def handed_up_by_the_second_level(hands: Hands, number: str) -> None:
    hands.takes_from_the_desk(number)
    hands.sees("#essence", "КТ назначили шестого")
    hands.sees("#timeline", "Не знаю, от какого дня считать срок")
    hands.act("h", "#id_owner")
    hands.walk_to("#id_line")
    hands.choose("sp3")
    hands.walk_to("#id_why")
    hands.write("Нужен эксперт: клиника говорит о подозрении")
    hands.walk_to("#id_draft")
    hands.write("КТ делают в течение четырнадцати рабочих дней со дня назначения.")
    hands.picture("3-second-level")
    hands.save("Нужен эксперт: клиника говорит о подозрении")


def handed_to_the_fund_by_the_expert(hands: Hands, number: str, place: SimpleNamespace) -> None:
    """By the list this time: from the desk with G J."""
    hands.opens_desk()
    hands.press("g", "j")
    hands.sees("h1", "Журнал обращений")
    hands.page.wait_for_load_state("load")
    hands.opens_by_row(number)
    hands.sees("#answers", "четырнадцати рабочих дней")
    hands.press("t")
    hands.sees(CARD, "в работе")
    hands.page.wait_for_load_state("load")
    hands.act("h", "#id_owner")
    hands.walk_to("#id_line")
    hands.choose("op2")
    hands.walk_to("#id_handler")
    hands.choose(str(place.fund.pk))
    hands.walk_to("#id_why")
    hands.write("Очереди на КТ распределяет фонд")
    hands.picture("4-expert")
    hands.save("Очереди на КТ распределяет фонд")
    hands.picture("5-expert-after")


def answered_by_the_fund(hands: Hands, number: str) -> None:
    hands.takes_from_the_desk(number)
    hands.sees("#people", "Соловьёва-Седая")
    hands.act("a", "#id_text")
    expect(hands.page.locator("#act #id_text")).to_have_value(
        "КТ делают в течение четырнадцати рабочих дней со дня назначения."
    )
    hands.press("Control+End")
    hands.write(" Фонд проверил: вас запишут в другую клинику на этой неделе.")
    hands.picture("6-fund-answer")
    hands.save("Ответ подготовлен")
    hands.act("d", "#id_channel")
    hands.choose("post")
    hands.press("Tab")
    hands.is_at("#act #id_outgoing_number")
    hands.write("17-05/42")
    hands.save("Ответ дан")
    hands.act("v", "#id_failed_why")
    hands.save("Ответ доставлен")
    hands.act("c", "#id_outcome")
    hands.choose("consulted")
    hands.picture("7-fund-close")
    hands.save("Закрыто")
    hands.sees("#essence", "Дана консультация")
    hands.picture("8-closed")
