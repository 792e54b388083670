"""Reports by schedule: once each, only what the reader may see, what may have gone never twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import Scope, enter
from opora.channels.errors import GatewayUnavailable
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Outgoing, Refused, Unanswered
from opora.reports import sending
from opora.reports.models import Schedule, Sending
from opora.reports.tests.small import load_form
from opora.reports.tests.test_counting import facts  # noqa: F401

MADE_AT = datetime(2024, 3, 20, tzinfo=UTC)
DUE = datetime(2024, 4, 5, 3, tzinfo=UTC)  # ten in the morning of Novosibirsk


class Post:
    """A mail server that remembers; ``answers`` are its words in turn, then it accepts."""

    def __init__(self) -> None:
        self.letters: list[Outgoing] = []
        self.answers: list[Any] = []

    @asynccontextmanager
    async def session(self, link: Any, on_receipts: Any) -> AsyncIterator[Any]:
        if self.answers and self.answers[0] == "away":
            self.answers.pop(0)
            raise GatewayUnavailable
        yield self

    async def send(self, message: Outgoing) -> Answer:
        self.letters.append(message)
        make = self.answers.pop(0) if self.answers else (lambda one: Accepted(one, ("1",)))
        return make(message.reference)  # type: ignore[no-any-return]


@pytest.fixture
def desk(facts: Any, cast: Any, place: Any, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:  # noqa: F811
    load_form()
    post = Post()
    monkeypatch.setattr(sending, "gateway", lambda kind: post)
    Provider.objects.create(
        organisation=place.alfa, slug="mail", title="Почта", kind="standin", channel="email", sender="a@alfa.example"
    )
    for who in (cast.boris, cast.timur):
        who.email = f"{who.login}@alfa.example"
        who.save()

    def schedule(*people: Any, **fields: Any) -> Schedule:
        given = {
            "organisation": place.alfa, "territory": place.nsk.code, "report": "small-form", "subject": "54001",
            "of": "month", "day": 5, "form": "csv", "recipients": [one.pk for one in people or (cast.boris,)],
            "made_by": cast.boris, "made_at": MADE_AT,
        }  # fmt: skip
        return Schedule.objects.create(**(given | fields))

    return SimpleNamespace(post=post, schedule=schedule, cast=cast)


def letters(**fields: Any) -> list[tuple[str, str]]:
    with enter(Scope.system("a test looks")):
        return list(
            Sending.objects.filter(**fields).order_by("period", "recipient__login").values_list("state", "note")
        )


def test_a_report_goes_on_its_day_and_once(desk: Any) -> None:
    desk.schedule()
    assert sending.run(DUE - timedelta(days=1)) == 0
    assert sending.run(DUE) == 1
    assert sending.run(DUE + timedelta(hours=1)) == 0
    [letter] = desk.post.letters
    assert (letter.to, letter.subject) == ("boris@alfa.example", "Маленькая форма, март 2024 года")
    [file] = letter.attachments
    assert (file.name, file.content_type) == ("small-form-54001-2024-03.csv", "text/csv")
    assert "1;1;all;Обращения;все;всего;8" in file.content.decode("utf-8-sig")
    assert letters() == [("sent", "")]


def test_the_day_is_that_of_the_territory(desk: Any) -> None:
    desk.schedule()
    assert sending.run(datetime(2024, 4, 4, 16, 59, tzinfo=UTC)) == 0  # 23:59 of the fourth
    assert sending.run(datetime(2024, 4, 4, 17, 1, tzinfo=UTC)) == 1  # 00:01 of the fifth


def test_what_was_due_before_the_schedule_was_made_is_not_sent(desk: Any) -> None:
    desk.schedule(made_at=DUE + timedelta(days=2))
    assert sending.run(DUE + timedelta(days=3)) == 0
    assert letters() == []


def test_who_may_not_see_it_gets_nothing(desk: Any) -> None:
    desk.schedule(desk.cast.alina, desk.cast.vera, desk.cast.boris, subject="50000")
    with enter(Scope.system("addresses")):
        for who in (desk.cast.alina, desk.cast.vera):
            who.email = f"{who.login}@example.org"
            who.save()
    assert sending.run(DUE) == 0
    assert desk.post.letters == []
    assert [state for state, _ in letters()] == ["skipped"] * 3
    assert letters(recipient=desk.cast.boris) == [("skipped", "Отчёта этой организации для вас нет.")]


def test_without_an_address_it_is_told(desk: Any) -> None:
    desk.cast.boris.email = ""
    desk.cast.boris.save()
    desk.schedule()
    sending.run(DUE)
    assert letters() == [("skipped", "у сотрудника не записана почта")]


def test_a_server_that_is_away_is_tried_again_and_not_for_ever(desk: Any) -> None:
    desk.post.answers = ["away"] * sending.MOST_TRIES
    desk.schedule()
    moment = DUE
    for _ in range(sending.MOST_TRIES - 1):
        assert sending.run(moment) == 0
        assert letters()[0][0] == "waiting"
        moment += timedelta(hours=5)
    sending.run(moment)
    assert letters()[0][0] == "failed"
    with enter(Scope.system("somebody says so")):
        assert sending.send_again(Sending.objects.get(), moment)
    assert sending.run(moment) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (lambda one: Unanswered(one, "lost"), "unknown"),
        (lambda one: Refused(one, "550", is_permanent=True, words="нет такого ящика"), "failed"),
        (lambda one: Refused(one, "451", is_permanent=False), "waiting"),
    ],
)
def test_what_the_server_says(desk: Any, answer: Any, state: str) -> None:
    desk.post.answers = [answer]
    desk.schedule()
    sending.run(DUE)
    assert letters()[0][0] == state


def test_a_program_killed_while_giving_sends_nothing_twice(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.schedule()

    def killed(*_: Any) -> Answer:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sending, "_given", killed)
        with pytest.raises(KeyboardInterrupt):
            sending.run(DUE)
    assert letters()[0][0] == "given"
    assert sending.run(DUE + timedelta(hours=1)) == 0
    assert letters() == [("unknown", "отправку прервали: неизвестно, ушло ли")]
    assert desk.post.letters == []


def test_without_a_mail_provider_it_waits(desk: Any) -> None:
    Provider.objects.update(is_active=False)
    desk.schedule()
    sending.run(DUE)
    assert letters() == [("waiting", "у организации не подключена почта")]


def test_the_page(desk: Any, signed_in: Any) -> None:
    boris = signed_in("boris")
    given = {"report": "small-form", "subject": "54001", "of": "month", "day": "5", "form": "xlsx", "is_active": "on"}
    url = "/reports/schedules/new/"
    assert boris.post(url, given).status_code == 422
    assert boris.post(url, given | {"recipients": [desk.cast.alina.pk]}).status_code == 422
    assert boris.post(url, given | {"recipients": [desk.cast.timur.pk], "of": "year"}).status_code == 422
    assert boris.post(url, given | {"recipients": [desk.cast.timur.pk], "day": "31"}).status_code == 422
    answer = boris.post(url, given | {"recipients": [desk.cast.timur.pk]})
    assert answer.status_code == 302
    assert "Писем ещё не было" in boris.get(answer.url).content.decode()
    assert "Маленькая" in boris.get("/reports/schedules/").content.decode()
    assert (
        boris.post(f"{answer.url}editing/", given | {"recipients": [desk.cast.timur.pk], "day": "7"}).status_code == 302
    )
    assert "7-го числа" in boris.get(answer.url).content.decode()


def test_a_letter_names_its_period_in_words(desk: Any, signed_in: Any) -> None:
    one = desk.schedule()
    Sending.objects.create(schedule=one, period="2024-Q2", recipient=desk.cast.boris)
    page = signed_in("boris").get(f"/reports/schedules/{one.pk}/").content.decode()
    assert "2-й квартал 2024 года" in page
    assert "2024-Q2" not in page


def test_whose_schedules(desk: Any, signed_in: Any) -> None:
    pk = desk.schedule().pk
    assert signed_in("alina").get(f"/reports/schedules/{pk}/").status_code == 403
    assert signed_in("boris").get(f"/reports/schedules/{pk}/").status_code == 200


POSTED = {"report": "small-form", "subject": "54001", "of": "month", "day": "5", "form": "csv", "is_active": "on"}


def test_a_narrowed_schedule_sends_what_its_page_would_show(desk: Any) -> None:
    load_form(filters=["channel", "is_closed"], version="2", since="2020-02-01")
    desk.schedule(filters={"channel": "post", "is_closed": "yes"})
    assert sending.run(DUE) == 1
    [letter] = desk.post.letters
    assert letter.subject == "Маленькая форма, март 2024 года, отобрано"
    assert "Это не весь отчёт. Отобрано: способ: Почта; только закрытые." in letter.text
    [file] = letter.attachments
    assert file.name == "small-form-54001-2024-03-otbor.csv"
    assert "1;1;all;Обращения;все;всего;0" in file.content.decode("utf-8-sig")  # all eight came by telephone


def test_a_filter_the_form_has_no_more_is_told_and_nothing_is_sent(desk: Any) -> None:
    desk.schedule(filters={"channel": "post"})
    assert sending.run(DUE) == 0
    assert letters() == [("skipped", "«Маленькая» по «channel» не отбирают. У этого отчёта отборов нет.")]


def test_the_form_offers_the_filters_of_its_report_and_keeps_them(desk: Any, signed_in: Any) -> None:
    load_form(filters=["channel", "is_closed"], version="2", since="2020-02-01")
    boris, url = signed_in("boris"), "/reports/schedules/new/"
    asked = boris.get(f"{url}?report=small-form&subject=54001&by-channel=post").context["form"]
    assert [one.name for one in asked.of_filters] == ["by-channel", "by-is_closed"]
    assert (asked["by-channel"].value(), asked["subject"].value()) == ("post", "54001")
    assert boris.get(f"{url}?report=pg-a").context["form"].of_filters == []
    given = POSTED | {"recipients": [desk.cast.timur.pk], "by-channel": "post", "by-is_closed": ""}
    answer = boris.post(url, given)
    assert Schedule.objects.get().filters == {"channel": "post"}
    for page in (answer.url, "/reports/schedules/"):
        text = boris.get(page).content.decode()
        assert "способ: Почта" in text
        assert "Маленькая" in text
    edited = boris.get(f"{answer.url}editing/").context["form"]
    assert edited["by-channel"].value() == "post"
    boris.post(f"{answer.url}editing/", given | {"by-channel": ""})
    assert Schedule.objects.get().filters == {}


@pytest.mark.parametrize("wrong", [{"by-channel": "pigeon"}, {"by-origin": "direct"}])
def test_a_filter_that_is_not_there_is_refused(wrong: dict[str, str], desk: Any, signed_in: Any) -> None:
    load_form(filters=["channel"], version="2", since="2020-02-01")
    given = POSTED | {"recipients": [desk.cast.timur.pk]} | wrong
    assert signed_in("boris").post("/reports/schedules/new/", given).status_code == 422
    assert not Schedule.objects.exists()


def test_the_page_of_a_report_leads_to_its_schedule(desk: Any, signed_in: Any) -> None:
    load_form(filters=["channel"], version="2", since="2020-02-01")
    boris = signed_in("boris")
    page = boris.get("/reports/small-form/?of=54001&period=2024-03&channel=post").content.decode()
    assert "/reports/schedules/new/?report=small-form&amp;subject=54001&amp;of=month&amp;by-channel=post" in page
