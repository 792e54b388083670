"""Drafts of intake: hers alone, the later save wins, one draft gives one appeal."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import drafts, tasks
from opora.appeals.models import Draft
from opora.audit.services import uuid7

type SignIn = Callable[[str | None], Client]


def saved(client: Client, draft: object, step: int, text: str) -> int:
    return client.post(f"/appeals/new/{draft}/draft/", {"text": text, "step": step}).status_code


def test_an_older_save_never_wins(signed_in: SignIn) -> None:
    alina, draft = signed_in("alina"), uuid7()

    assert [saved(alina, draft, step, f"{step}") for step in (1, 3, 2, 3)] == [200, 200, 409, 409]
    assert (Draft.objects.get().step, Draft.objects.get().body) == (3, {"text": ["3"]})


def test_a_window_whose_answer_was_lost_goes_on_and_another_does_not(signed_in: SignIn) -> None:
    alina, draft = signed_in("alina"), uuid7()

    def kept(window: str, step: int, base: int) -> int:
        sent = {"text": f"{window} {step}", "window": window, "step": step, "base": base}
        return alina.post(f"/appeals/new/{draft}/draft/", sent).status_code

    assert [kept("first", 1, 0), kept("first", 2, 1)] == [200, 200], "the answer to the second is lost on its way"
    assert kept("second", 3, 1) == 409, "it has not seen what is kept"
    assert kept("first", 3, 1) == 200
    assert kept("first", 2, 1) == 409, "a save that was under way for long"
    assert [kept("second", 4, 3), kept("first", 5, 3)] == [200, 409]
    assert Draft.objects.get().body["text"] == ["second 4"]


def test_a_draft_is_hers_alone(signed_in: SignIn, cast: SimpleNamespace) -> None:
    draft = uuid7()
    saved(signed_in("alina"), draft, 1, "Тайна")

    assert saved(signed_in("sp2"), draft, 2, "Чужое") == 409
    assert "Тайна" not in signed_in("sp2").get(f"/appeals/new/?draft={draft}").content.decode()
    assert "Тайна" in signed_in("alina").get(f"/appeals/new/?draft={draft}").content.decode()
    with enter(cast.boris.scope):
        assert not Draft.objects.exists(), "row security: not even her supervisor reads what is not yet said"


def test_what_was_not_born_by_our_page_is_refused(signed_in: SignIn) -> None:
    alina = signed_in("alina")
    assert saved(alina, "00000000-0000-4000-8000-000000000000", 1, "x") == 404
    assert saved(alina, uuid7(), 1, "x" * (drafts.LONGEST + 1)) == 404


@pytest.mark.parametrize("sent", [{"text": "Мужу плохо, он задыхается"}, {"text": "Где полис"}])
def test_the_save_tells_of_danger(signed_in: SignIn, sent: dict[str, str]) -> None:
    answer = signed_in("alina").post(f"/appeals/new/{uuid7()}/draft/", {**sent, "step": 1}).json()
    assert bool(answer["danger"]) is ("задыхается" in sent["text"])


def test_old_drafts_are_forgotten(signed_in: SignIn, cast: SimpleNamespace) -> None:
    saved(signed_in("alina"), uuid7(), 1, "Давно")
    saved(signed_in("alina"), uuid7(), 1, "Сейчас")
    Draft.objects.filter(body__text=["Давно"]).update(saved_at=timezone.now() - timedelta(days=31))

    tasks.forget_drafts(timestamp=0)

    assert [draft.body for draft in Draft.objects.all()] == [{"text": ["Сейчас"]}]
