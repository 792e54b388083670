"""One decision for a flood: what it changes, what it leaves alone, who may make it and take it back."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.audit.models import AuditLine
from opora.doors import matters, queries, services
from opora.doors.errors import FloodSettled, NoFlood, WordsNeeded
from opora.doors.flood_models import UNDONE_WITHIN, FloodDecision
from opora.doors.models import Door, Message, Thread
from opora.doors.shapes import Incoming
from opora.doors.tests.test_flood import mail, written
from opora.organisations.models import Role

__all__ = ["mail"]  # fixtures


@pytest.fixture
def flood(mail: Door) -> list[Thread]:
    """Three letters with the others, five of one sender and two forged apart."""
    threads = [written(mail, number, "bomb@x.example") for number in range(8)]
    threads += [written(mail, 8 + number, f"forged{number}@x.example") for number in range(4)]
    return [one for one in threads if one.is_flood]


def decide(mail: Door, kind: str, by: Any, **more: Any) -> FloodDecision:
    return services.decide_flood(mail, kind, seen_at=more.pop("seen_at", timezone.now()), by=by, **more)


def states(threads: list[Thread]) -> list[tuple[str, bool]]:
    return [Thread.objects.values_list("state", "is_flood").get(pk=one.pk) for one in threads]


def test_the_whole_flood_joins_the_line_by_the_moment_it_came(
    mail: Door, flood: list[Thread], cast: SimpleNamespace
) -> None:
    before = [one.waiting_since for one in flood]
    made = decide(mail, "release", cast.boris)
    assert set(states(flood)) == {("waiting", False)}
    assert [Thread.objects.get(pk=one.pk).waiting_since for one in flood] == before
    assert (made.number, made.why, made.is_of_one) == (len(flood), "", False)
    assert not Message.objects.filter(direction="out", thread__in=flood).exists(), "nobody is written to"
    [line] = AuditLine.objects.filter(action="doors.flood.decide")
    assert line.details == {"kind": "release", "number": len(flood), "door": mail.pk}


def test_put_aside_it_is_closed_with_the_reason_and_kept(
    mail: Door, flood: list[Thread], cast: SimpleNamespace
) -> None:
    Thread.objects.filter(pk=flood[0].pk).update(last_at=timezone.now() - timedelta(days=400))
    decide(mail, "aside", cast.boris, why="Реклама")
    row = Thread.objects.get(pk=flood[0].pk)
    assert (row.state, row.is_flood, row.closed_by, row.closed_why) == ("closed", False, cast.boris, "Лавина. Реклама")
    assert row.forget_at is not None
    assert row.forget_at >= row.closed_at + UNDONE_WITHIN, "it stays as long as the decision may be undone"
    again = services.receive(mail, Incoming("<again@x>", row.correspondent, "Ответьте", reply_to=_token(row)))
    assert again.thread is not None
    assert (again.thread.pk, again.thread.state, again.thread.flood_decision) == (row.pk, "waiting", None)


def test_letters_of_one_sender_alone(mail: Door, flood: list[Thread], cast: SimpleNamespace) -> None:
    [found] = queries.floods(cast.boris)
    assert (found.number, found.senders) == (len(flood), [("bomb@x.example", 5)])
    made = decide(mail, "aside", cast.boris, why="Повтор", sender="bomb@x.example")
    assert (made.number, made.is_of_one) == (5, True)
    left = {one.correspondent for one in queries.flood_of(mail, cast.boris)}
    assert left == {one.correspondent for one in flood} - {"bomb@x.example"}


def test_what_was_taken_tied_or_came_later_is_left_alone(
    mail: Door, flood: list[Thread], cast: SimpleNamespace
) -> None:
    seen_at = timezone.now()
    taken, answered, *others = flood
    services.take(taken.pk, by=cast.boris)
    services.receive(mail, Incoming("<more@x>", answered.correspondent, "Ещё", reply_to=_token(answered)))
    late = written(mail, 99, "bomb@x.example")
    assert late.is_flood
    made = decide(mail, "aside", cast.boris, why="Реклама", seen_at=seen_at)
    assert made.number == len(others)
    assert states([taken, answered, late]) == [("taken", False), ("waiting", True), ("waiting", True)]


def test_undone_it_lies_apart_again_but_what_somebody_has_touched(
    mail: Door, flood: list[Thread], cast: SimpleNamespace
) -> None:
    for kind, why in (("aside", "Реклама"), ("release", "")):
        made = decide(mail, kind, cast.boris, why=why)
        assert services.undo_flood(made.pk, by=cast.boris) == len(flood)
        assert set(states(flood)) == {("waiting", True)}
        with pytest.raises(FloodSettled):
            services.undo_flood(made.pk, by=cast.boris)
    made = decide(mail, "aside", cast.boris, why="Реклама")
    services.reopen(flood[0].pk, by=cast.boris)
    services.close(flood[0].pk, "Не по адресу", by=cast.boris)
    assert services.undo_flood(made.pk, by=cast.boris) == len(flood) - 1
    assert states(flood[:1]) == [("closed", False)]


def test_after_a_week_it_stays_decided(
    mail: Door, flood: list[Thread], cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = decide(mail, "release", cast.boris)
    week_later = made.at + UNDONE_WITHIN
    monkeypatch.setattr("opora.doors.flood_models.timezone.now", lambda: week_later)
    with pytest.raises(FloodSettled):
        services.undo_flood(made.pk, by=cast.boris)


def test_it_takes_a_right_a_reason_and_a_flood(
    mail: Door, flood: list[Thread], cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    with pytest.raises(RightMissing):
        decide(mail, "release", cast.alina)
    with pytest.raises(WordsNeeded):
        decide(mail, "aside", cast.boris, why="  ")
    with pytest.raises(NoFlood):
        decide(mail, "release", cast.boris, sender="nobody@x.example")
    with pytest.raises(NoFlood):
        decide(mail, "release", cast.admin)  # of the fund: letters to an insurer are not hers
    made = decide(mail, "release", cast.boris)
    with pytest.raises(FloodSettled):
        services.undo_flood(made.pk, by=cast.admin)
    with pytest.raises(RightMissing):
        services.undo_flood(made.pk, by=cast.alina)


def test_a_decision_is_not_rewritten(mail: Door, flood: list[Thread], cast: SimpleNamespace) -> None:
    made = decide(mail, "release", cast.boris)
    for change in ({"number": 1}, {"by": cast.alina}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FloodDecision.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        FloodDecision.objects.filter(pk=made.pk).delete()


def test_the_desk_of_who_may_decide_says_it(mail: Door, flood: list[Thread], signed_in: Any) -> None:
    sentence = f"Лавина писем во входящих: {len(flood)}"
    assert sentence in signed_in("boris").get("/").content.decode()
    assert sentence not in signed_in("alina").get("/").content.decode()
    assert list(matters.flooded(signed_in("boris").get("/").wsgi_request.user))
    Thread.objects.update(is_flood=False)
    assert sentence not in signed_in("boris").get("/").content.decode()


def test_from_the_desk_to_a_decision_and_back(mail: Door, flood: list[Thread], signed_in: Any) -> None:
    Role.objects.filter(slug="supervisor").update(default_purpose="appeal")
    boris = signed_in("boris")
    assert "Решить о всех сразу" in boris.get("/doors/").content.decode()
    assert "bomb@x.example" in boris.get("/doors/flood/").content.decode()
    page = boris.get(f"/doors/flood/{mail.pk}/")
    assert "Писавшему ничего не уйдёт" in page.content.decode()
    seen_at = page.context["form"]["seen_at"].value()
    asked = {"kind": "aside", "whose": "*", "reason": "", "words": "", "seen_at": str(seen_at)}
    refused = boris.post(f"/doors/flood/{mail.pk}/", asked)
    assert (refused.status_code, "Выберите причину" in refused.content.decode()) == (422, True)
    done = boris.post(f"/doors/flood/{mail.pk}/", {**asked, "reason": "spam"})
    assert done.url == "/doors/flood/"
    made = FloodDecision.objects.get()
    assert (made.number, made.why) == (len(flood), "Реклама или рассылка")
    page = boris.get("/doors/flood/").content.decode()
    assert "Лавины нет" in page
    assert "Отменить</button>" in page
    assert boris.get(f"/doors/flood/{mail.pk}/").url == "/doors/flood/"
    told = boris.post(f"/doors/flood/decisions/{made.pk}/undoing/", follow=True).content.decode()
    assert f"Снова лежат отдельно: {len(flood)}" in told
    assert signed_in("alina").get("/doors/flood/").status_code == 403
    assert signed_in("alfa_admin").get(f"/doors/flood/{mail.pk}/").status_code == 200
    assert signed_in("admin").get(f"/doors/flood/{mail.pk}/").status_code == 404
    assert signed_in("admin").post(f"/doors/flood/decisions/{made.pk}/undoing/").status_code == 404


def _token(thread: Thread) -> str:
    from opora.doors import codes

    return codes.token(thread.pk)
