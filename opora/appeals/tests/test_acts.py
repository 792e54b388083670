"""What is done from the card: by whom, with which refusals, and what two people at once are shown."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.appeals import acting, card
from opora.appeals.models import Appeal, Event


def codes(case_of: Any, who: Any) -> set[str]:
    pair = card.find(case_of.number, who)
    assert pair
    return {act.code for act in acting.allowed(card.of(*pair, who), who)}


def test_what_may_be_done_follows_stage_right_and_place(cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    assert {"take", "hand_over", "note", "prepare_answer", "amend"} <= codes(shelf.queue, cast.alina)
    assert "take" not in codes(shelf.mine, cast.alina)
    assert codes(shelf.queue, cast.timur) == set()  # sees, may not change
    assert codes(shelf.handed, cast.alina) == {"note", "link"}  # Beta answers for it; the other one may be hers
    assert "reopen" not in codes(shelf.mine, cast.boris)


def test_from_the_queue_to_a_closed_appeal(signed_in: Any, cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    client, at = signed_in("alina"), f"/appeals/{shelf.queue.number}/acts/"

    def do(act: str, **data: Any) -> int:
        version = Appeal.objects.get(pk=shelf.queue.pk).version
        return client.post(f"{at}{act}/", {"version": version, **data}).status_code

    assert do("take") == 302
    assert do("close", outcome="consulted") == 422  # no answer yet
    assert do("prepare_answer", text="Полис готов.") == 302
    assert do("send_answer", channel="hot_line") == 302
    assert do("close", outcome="consulted") == 302
    found = Appeal.objects.get(pk=shelf.queue.pk)
    assert (found.stage, found.owner) == ("closed", cast.alina)
    page = client.get(f"/appeals/{shelf.queue.number}/").content.decode()
    assert "Закрыто: дана консультация" in page
    assert codes(shelf.queue, cast.boris) >= {"reopen", "note"}


def test_the_form_offers_only_outcomes_the_appeal_can_have(
    signed_in: Any, shelf: SimpleNamespace, cast: SimpleNamespace
) -> None:
    def offered(appeal: Any, who: str) -> set[str]:
        form = signed_in(who).get(f"/appeals/{appeal.number}/acts/close/").context["form"]
        return {code for code, _ in form.fields["outcome"].choices}

    assert "call_redirected" in offered(shelf.mine, "alina")
    assert not {"call_redirected", "redirected"} & offered(shelf.complaint, "sp3")
    client, at = signed_in("sp3"), f"/appeals/{shelf.complaint.number}/acts/close/"
    wordless = client.post(at, {"version": 1, "outcome": "withdrawn"})
    assert wordless.status_code == 422
    assert "кто и как отозвал" in str(wordless.context["form"].errors["why"])
    assert client.post(at, {"version": 1, "outcome": "withdrawn", "why": "Позвонила"}).status_code == 302


def test_a_form_with_errors_keeps_what_was_typed(signed_in: Any, shelf: SimpleNamespace) -> None:
    answer = signed_in("alina").post(
        f"/appeals/{shelf.mine.number}/acts/hand_over/", {"version": 1, "why": "Нужен второй уровень"}
    )

    assert answer.status_code == 422
    assert "Выберите, кому передать" in answer.content.decode()
    assert "Нужен второй уровень" in answer.content.decode()


def test_the_second_of_two_sees_what_the_first_has_done(signed_in: Any, shelf: SimpleNamespace) -> None:
    alina, boris = signed_in("alina"), signed_in("boris")
    at = f"/appeals/{shelf.mine.number}/acts/note/"
    opened = boris.get(at).context["at"]
    assert alina.post(at, {"version": 1, "text": "Позвонила в клинику"}).status_code == 302

    second = boris.post(at, {"version": 1, "at": opened, "text": "Моя заметка"})
    page = second.content.decode()
    assert second.status_code == 422
    assert "обращение изменилось" in page
    assert "Позвонила в клинику" in page
    assert "Моя заметка" in page
    version = second.context["appeal"].version
    assert boris.post(at, {"version": version, "at": opened, "text": "Моя заметка"}).status_code == 302
    assert Event.objects.filter(appeal=shelf.mine, kind="noted").count() == 2


def test_two_who_amend_decide_field_by_field(signed_in: Any, shelf: SimpleNamespace) -> None:
    alina, boris = signed_in("alina"), signed_in("boris")
    at = f"/appeals/{shelf.mine.number}/acts/amend/"
    forms = [client.get(at).context["form"] for client in (alina, boris)]

    def send(client: Any, form: Any, **changes: Any) -> Any:
        initial = {name: value for name, value in form.initial.items() if value or name == "text"}
        opened = form.fields["opened"].initial
        return client.post(at, {**initial, "opened": opened, **changes})

    assert send(alina, forms[0], text="Где мой бумажный полис").status_code == 302
    second = send(boris, forms[1], text="Где полис ребёнка")
    assert "уже изменили" in second.content.decode()
    shelf.mine.content.refresh_from_db()
    assert shelf.mine.content.text == "Где мой бумажный полис"
    decided = boris.post(at, {**dict(second.context["hidden"]), "take-text": "mine"})
    assert decided.status_code == 302
    shelf.mine.content.refresh_from_db()
    assert shelf.mine.content.text == "Где полис ребёнка"


WHO_MAY = [("alina", 302), ("timur", 422), ("vera", 404), ("far", 404), ("op1", 302), (None, 302)]


@pytest.mark.parametrize(("who", "status"), WHO_MAY)
def test_who_may_leave_a_note(signed_in: Any, shelf: SimpleNamespace, who: str | None, status: int) -> None:
    client = signed_in(who)
    if who == "timur":
        client.post("/me/purpose/", {"why": "control"})
    answer = client.post(f"/appeals/{shelf.mine.number}/acts/note/", {"version": 1, "text": "Заметка"})

    assert answer.status_code == status or (who == "timur" and answer.status_code in {302, 409})
    assert Event.objects.filter(kind="noted").exists() is (who in {"alina", "op1"})


def test_the_hands_are_in_the_first_field_of_every_act(signed_in: Any, shelf: SimpleNamespace) -> None:
    client = signed_in("alina")
    for code in [code for code, act in acting.ACTS.items() if act.asks]:
        page = client.get(f"/appeals/{shelf.mine.number}/acts/{code}/")
        form = page.context["form"]
        first = next(field for field in form.visible_fields() if not field.name.endswith("_template"))
        offered = getattr(form, "ways", None)
        assert ("autofocus" in str(first)) is not bool(offered), code
        assert page.content.decode().count("autofocus") == 1, code
