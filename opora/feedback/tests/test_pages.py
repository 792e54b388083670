"""Pages of the room: who opens what, what they say, what typing a wrong thing leaves in its place."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.audit.models import AuditLine
from opora.doors.models import Door
from opora.feedback import routes, services
from opora.feedback.models import PosMessage

NEW = "/feedback/settings/new/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("who", "status"), [("sp2", 200), ("boris", 200), ("op2", 200), ("alina", 403), ("vera", 403), ("timur", 403)]
)
def test_who_opens_it(signed_in: Any, message: PosMessage, who: str, status: int) -> None:
    assert signed_in(who).get(f"/feedback/{message.pk}/", follow=True).status_code == status


def test_a_neighbour_sees_nothing(message: PosMessage, cast: SimpleNamespace, place: Any) -> None:
    from datetime import date

    from opora.organisations.models import Assignment, Role

    Assignment.objects.filter(employee=cast.vera).update(role=Role.objects.get(slug="sp2"), since=date(2020, 1, 1))
    assert not PosMessage.objects.accessible_to(cast.vera).exists()
    assert PosMessage.objects.accessible_to(cast.sp2).exists()


def test_the_page_goes_from_hand_to_hand(signed_in: Any, message: PosMessage, cast: SimpleNamespace) -> None:
    leader, executor = signed_in("boris"), signed_in("sp2")
    at = f"/feedback/{message.pk}/"
    assert message.external_id in text_of(leader.get("/feedback/"))
    page = text_of(leader.get(at))
    assert "Полис не виден в кабинете." in page
    assert "Распределить" in page
    given = {"version": message.version, "employee": cast.sp2.pk, "why": "Проверьте."}
    assert leader.post(f"{at}assign/", given).status_code == 302

    page = text_of(executor.get(at))
    assert "Подготовить ответ" in page
    assert "Утвердить" not in page
    asked = text_of(executor.get(f"{at}prepare/"))
    assert "Полис не виден в кабинете." in asked
    assert "Проверьте." in asked
    version = PosMessage.objects.get().version
    long = executor.post(f"{at}prepare/", {"version": version, "text": "я" * 4010, "outcome": "consulted"})
    assert long.status_code == 422
    assert "Лишних: 10" in text_of(long)
    assert "я" * 4010 in text_of(long)
    given = {"version": version, "text": "Виден <b>завтра</b>.", "outcome": "consulted"}
    assert executor.post(f"{at}prepare/", given).status_code == 302

    assert "Виден &lt;b&gt;завтра" in text_of(leader.get(at))
    stale = leader.post(f"{at}approve/", {"version": 1}, follow=True)
    assert "изменил коллега" in text_of(stale)
    leader.post(f"{at}approve/", {"version": PosMessage.objects.get().version})
    assert PosMessage.objects.get().stage == "approved"
    assert "передаётся на Госуслуги" in text_of(leader.get(at))
    assert AuditLine.objects.filter(action="feedback.read").exists()


@pytest.mark.parametrize("act", ["prepare", "return", "extend", "redirect", "assign"])
def test_each_act_asks_in_words(signed_in: Any, message: PosMessage, cast: Any, act: str) -> None:
    if act == "return":
        services.prepare(message.pk, "Ответ.", outcome="consulted", by=cast.sp2)
    leader = signed_in("boris")
    assert leader.get(f"/feedback/{message.pk}/{act}/").status_code == 200
    empty = leader.post(f"/feedback/{message.pk}/{act}/", {"version": message.version})
    assert empty.status_code == 422


@pytest.mark.parametrize(
    ("act", "given", "stage"),
    [
        ("take", {}, "work"),
        ("assign", {"organisation": "fund", "why": "Сменил страховую."}, "received"),
        ("extend", {"days": 5, "order_number": "7", "why": "Ждём клинику."}, "received"),
        ("redirect", {"outside": "authority", "to": "Минздрав", "why": "Не наш вопрос."}, "received"),
    ],
)
def test_each_act_is_done_from_the_page(
    signed_in: Any, message: PosMessage, place: Any, act: str, given: dict[str, Any], stage: str
) -> None:
    sent = {name: place.fund.pk if value == "fund" else value for name, value in given.items()}
    page = signed_in("boris").post(f"/feedback/{message.pk}/{act}/", {"version": message.version, **sent}, follow=True)
    assert page.status_code == 200
    assert PosMessage.objects.get().stage == stage
    assert services.carry_due() == (act in {"extend", "redirect"})
    if act == "redirect":
        assert PosMessage.objects.get().stage == "redirected"


def test_what_was_not_sent_is_sent_again_or_returned_from_the_page(
    signed_in: Any, pos: Any, answered: PosMessage
) -> None:
    leader = signed_in("boris")
    pos.troubles = ["before", "before"]
    services.carry_due()
    assert "неизвестно, ушло ли" in text_of(leader.get(f"/feedback/{answered.pk}/"))
    leader.post(f"/feedback/{answered.pk}/again/", {"version": PosMessage.objects.get().version})
    services.carry_due()
    given = {"version": PosMessage.objects.get().version, "why": "Перепишите."}
    assert leader.post(f"/feedback/{answered.pk}/return/", given).status_code == 302
    assert PosMessage.objects.get().stage == "work"


def test_what_does_not_fit_is_not_there(signed_in: Any, message: PosMessage) -> None:
    assert signed_in("boris").get(f"/feedback/{message.pk}/approve/").status_code == 404
    assert signed_in("boris").get(f"/feedback/{message.pk}/nothing/").status_code == 404
    assert signed_in("sp2").get(f"/feedback/{message.pk}/assign/").status_code == 404


def test_every_figure_opens_into_its_rows(signed_in: Any, pos: Any, door: Door, answered: PosMessage) -> None:
    services.carry_due()
    pos.platform.rate(answered.external_id, 5)
    services.fetch_door(door)
    analyst = signed_in("op2")
    page = text_of(analyst.get("/feedback/share/"))
    assert "100,0 %" in page
    for what in ("", "insurers", "rated"):
        assert answered.external_id in text_of(analyst.get(f"/feedback/share/rows/?what={what}"))
    for what in ("late", "fast", "reopened"):
        assert answered.external_id not in text_of(analyst.get(f"/feedback/share/rows/?what={what}"))
    assert analyst.get("/feedback/share/?since=вчера&until=ерунда").status_code == 200
    assert analyst.get("/feedback/share/rows/?organisation=9999999999999999999&what=%00").status_code == 200


def test_nothing_answered_is_said(signed_in: Any) -> None:
    assert "не отвечали" in text_of(signed_in("op2").get("/feedback/share/"))


@pytest.fixture
def fields(place: Any) -> dict[str, Any]:
    return {
        "title": "Госуслуги", "slug": "pos", "organisation": place.alfa.pk, "address": "СМО Альфа",
        "server": "https://pos.example", "token": "тайный-ключ", "topic": "t-policy", "appeal_kind": "consultation",
        "table": "Полис ОМС / Утеря = t-policy\nЛечение = t-waiting = 54000", "is_active": "on",
    }  # fmt: skip


def test_the_platform_is_connected_and_its_key_is_shown_to_nobody(signed_in: Any, fields: dict[str, Any]) -> None:
    admin = signed_in("alfa_admin")
    page = admin.post(NEW, fields, follow=True)
    row = Door.objects.get()
    assert (row.kind, row.rule, row.secret("token")) == ("gosuslugi", "appeal", fields["token"])
    assert row.settings["routes"] == {"полис омс / утеря": ["t-policy", ""], "лечение": ["t-waiting", "54000"]}
    assert fields["token"] not in text_of(page) + str(list(AuditLine.objects.values_list("details", flat=True)))
    assert "Госуслуги" in text_of(admin.get("/feedback/settings/"))
    admin.post(f"/feedback/settings/{row.pk}/", fields | {"token": "", "title": "ПОС"})
    row.refresh_from_db()
    assert (row.title, row.secret("token")) == ("ПОС", fields["token"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"token": ""}, "Заполните"),
        ({"server": "http://pos.example"}, "https://"),
        ({"table": "Полис"}, "Строка 1"),
        ({"table": "А = 1\nа = 2"}, "Строка 2"),
        ({"topic": ""}, "Заполните"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(signed_in: Any, fields: Any, change: Any, sentence: str) -> None:
    answer = signed_in("alfa_admin").post(NEW, fields | change)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Door.objects.exists()


def test_a_look_says_what_came(signed_in: Any, pos: Any, door: Door, write: Any) -> None:
    write()
    admin = signed_in("admin")
    assert "Новых сообщений: 1" in text_of(admin.post(f"/feedback/settings/{door.pk}/look/", follow=True))
    pos.troubles = [(401, "{}")]
    assert "проверьте ключ" in text_of(admin.post(f"/feedback/settings/{door.pk}/look/", follow=True))
    assert signed_in("alfa_admin").get(f"/feedback/settings/{door.pk}/").status_code == 404
    assert signed_in("boris").get("/feedback/settings/").status_code == 403


def test_a_table_too_long_is_refused() -> None:
    with pytest.raises(routes.TableFault):
        routes.read("\n".join(f"К{n} = 1" for n in range(501)))
