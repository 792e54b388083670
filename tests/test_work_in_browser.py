"""Work around an appeal by keyboard: an approved answer, a hand-over to another insurer, papers and promises."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from opora.appeals.intake import NewParty
from opora.appeals.models import Answer, Appeal, Bundle, Callback, Event, File
from opora.appeals.tests.test_files import PDF
from opora.appeals.tests.test_register import complaint, question, registered
from tests.hands import Desk, Hands, desk

__all__ = ["desk"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
OWN = "Мы проверили: вас примут в этот четверг."


def test_an_answer_is_returned_rewritten_approved_and_sent(
    desk: Desk, cast: SimpleNamespace, topics: SimpleNamespace
) -> None:
    number = registered(cast.sp3, complaint(topics, mine=True)).number
    expert, supervisor = desk("sp3"), desk("boris")
    written_with_a_template(expert, number)
    expert.does("s", "ответ на утверждении")

    supervisor.opens_card(number)
    supervisor.sees("#answers", OWN)
    supervisor.act("r", "#id_why")
    supervisor.write("Назовите клинику")
    supervisor.save("Назовите клинику")

    expert.opens_card(number)
    expert.sees("#answers", "Назовите клинику")
    expert.act("a", "#id_text")
    expert.write(f"{OWN} Поликлиника № 2.")
    expert.save("Ответ подготовлен")
    expert.sees("#answers", "Поликлиника № 2")  # the page after saving: the event was there before
    expert.page.wait_for_load_state("load")
    expert.does("s", "ответ на утверждении")
    expert.picture("approval")

    supervisor.opens_card(number)
    supervisor.does("y", "ответ утверждён")
    expert.opens_card(number)
    expert.act("d", "#id_channel")
    expert.choose("post")
    expert.save("Ответ дан")
    expert.act("c", "#id_outcome")
    expert.choose("complaint_considered")
    expert.press("Tab")
    expert.choose("justified")
    expert.save("Закрыто")

    states = list(Answer.objects.order_by("created_at").values_list("state", "approved_by"))
    assert states == [("returned", None), ("sent", cast.boris.pk)]
    assert Appeal.objects.get(number=number).stage == "closed"


def written_with_a_template(expert: Hands, number: str) -> None:
    """A template around her words, a refused save, and her words again: nothing she typed is lost."""
    text = expert.page.locator("#act #id_text")
    expert.opens_card(number)
    expert.act("a", "#id_text")
    expert.press("Shift+Tab")
    expert.is_at("#act #id_text_template")
    expert.choose("reply")
    expect(text).to_have_value(holding("{ответ}"))
    expert.press("Control+Enter")
    expert.sees("#act .error", "Осталось незаполненное место")
    expect(text).to_have_value(holding("{ответ}"))
    text.focus()
    expert.press("Control+a")
    expert.write(OWN)
    expert.press("Shift+Tab")
    expert.choose("")
    expect(text).to_have_value(OWN)
    expert.choose("reply")
    expect(text).to_have_value(holding(OWN))
    expect(text).not_to_have_value(OWN)
    expert.picture("template")
    expert.save("Ответ подготовлен")


def holding(words: str) -> Any:
    return re.compile(re.escape(words))


def test_another_insurer_gets_it_with_all_that_is_known(
    desk: Desk, cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    person = NewParty(surname="Чужой", given_name="Пётр", insurer_id=place.beta.pk, phone="+79000000009")
    number = registered(cast.alina, question(topics, parties=[person])).number
    giver, taker = desk("alina"), desk("vera")
    giver.opens_card(number)
    giver.act("h", ".way")
    giver.sees("#act .way", "СМО Бета")
    giver.press("1")
    giver.is_at("#act #id_why")
    expect(giver.page.locator("#id_handler")).to_have_value(str(place.beta.pk))
    giver.page.locator("#id_line").focus()
    giver.choose("sp1")
    giver.walk_to("#id_callback_at")
    giver.write("через час")
    giver.press("Tab")
    giver.is_at("#act #id_identity")
    giver.choose("name+birth+document")
    giver.picture("hand-over")
    giver.save("Человек застрахован в другой страховой")

    taker.takes_from_the_desk(number)
    taker.sees(".handed", "Человек застрахован в другой страховой")
    taker.sees(".handed", "сверены ФИО, дата рождения и документ")
    taker.sees(".handed", "перезвонить до")
    taker.picture("handed")
    taker.page.locator("a", has_text="Перезвонил").first.focus()
    taker.press("Enter")
    taker.is_at("#id_result")
    taker.write("Рассказала, где полис")
    taker.press("Control+Enter")
    taker.sees("#timeline", "Рассказала, где полис")
    taker.act("a", "#id_text")
    taker.write("Полис действует.")
    taker.save("Ответ подготовлен")
    taker.act("d", "#id_channel")
    taker.save("Ответ дан")
    taker.act("c", "#id_outcome")
    taker.choose("consulted")
    taker.save("Закрыто")
    giver.opens_card(number)
    giver.sees("#timeline", "Закрыто")

    appeal = Appeal.objects.get(number=number)
    assert (appeal.handler, appeal.organisation, appeal.outside) == (place.beta, place.alfa, "insurer")
    promise = Callback.objects.get()
    assert (promise.organisation, promise.state, promise.phone) == (place.beta, "done", "+79000000009")
    assert Event.objects.filter(appeal=appeal, kind="handed_over").count() == 1


def test_papers_promises_and_bundles(
    desk: Desk, cast: SimpleNamespace, topics: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    numbers = [registered(cast.alina, question(topics, mine=True)).number for _ in range(2)]
    hands = desk("alina")
    hands.opens_card(numbers[0])
    file = {"name": "направление.pdf", "mimeType": "application/pdf", "buffer": PDF}
    hands.page.locator("#new-files").set_input_files(file)  # type: ignore[arg-type]
    hands.page.get_by_role("button", name="Приложить").press("Enter")
    hands.sees("#files", "направление.pdf")
    with hands.page.expect_download() as saved:
        hands.page.get_by_role("link", name="направление.pdf").press("Enter")
    assert Path(saved.value.path()).read_bytes() == PDF

    hands.press("z")
    hands.is_at("#id_due_at")
    hands.write("через час")
    hands.press("Control+Enter")
    hands.sees("#callbacks", "Перезвонить")
    hands.page.get_by_role("link", name="Не дозвонился").press("Enter")
    hands.is_at("#id_next_at")
    hands.write("через два часа")
    hands.press("Control+Enter")
    hands.sees("main", "Напишите, например")
    hands.page.locator("#id_next_at").fill("через 2 ч")
    hands.press("Control+Enter")
    hands.sees("#callbacks", "1 попытка")

    hands.page.goto(f"{hands.site}/appeals/bundles/")
    hands.page.locator("#id_title").focus()
    hands.write("Портал не работал")
    hands.walk_to("#id_numbers")
    hands.write(" ".join(numbers))
    hands.press("Control+Enter")
    hands.sees("h1", "Портал не работал")
    hands.page.locator("#id_text").focus()
    hands.write("Портал снова работает.")
    hands.walk_to("#id_outcome")
    hands.choose("consulted")
    hands.press("Control+Enter")
    hands.sees(".notice[role=status]", "Отвечено и закрыто: 1")
    hands.sees(".notice[role=status]", "обещали перезвонить")
    hands.picture("bundle")

    assert File.objects.get().media_type == "application/pdf"
    assert Callback.objects.get().attempts == 1
    bundle = Bundle.objects.get()
    assert sorted(Appeal.objects.filter(bundle=bundle).values_list("stage", flat=True)) == ["closed", "in_work"]
