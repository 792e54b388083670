"""Who opens which page, and what the pages do."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.organisations.models import Assignment, Employee, HotLine, Organisation, Post, Role, Site, WorkingHours

SignIn = Callable[[str | None], Client]
TODAY = timezone.localdate()

# page: answers for (nobody, alina СП1, boris supervisor, alfa_admin, admin of the fund, vera of Beta, auditor)
WHO = (None, "alina", "boris", "alfa_admin", "admin", "vera", "auditor")
PAGES = {
    "/organisations/": (302, 200, 200, 200, 200, 200, 200),
    "/organisations/new/": (302, 403, 403, 200, 200, 403, 403),
    "/organisations/{alfa}/": (302, 200, 200, 200, 200, 200, 200),
    "/organisations/{alfa}/change/": (302, 403, 403, 200, 200, 403, 403),
    "/organisations/{beta}/change/": (302, 403, 403, 404, 200, 403, 403),
    "/organisations/{clinic}/change/": (302, 403, 403, 404, 200, 403, 403),
    "/organisations/{alfa}/hours/": (302, 403, 403, 200, 200, 403, 403),
    "/organisations/{beta}/hours/": (302, 403, 403, 404, 200, 403, 403),
    "/organisations/{beta}/closure/": (302, 403, 403, 404, 200, 403, 403),
    "/organisations/{clinic}/sites/": (302, 200, 200, 200, 200, 200, 200),
    "/organisations/{clinic}/sites/{site}/": (302, 403, 403, 404, 200, 403, 403),
    "/organisations/{clinic}/sites/{site}/hours/": (302, 403, 403, 404, 200, 403, 403),
    "/organisations/{alfa}/posts/": (302, 200, 200, 200, 200, 200, 200),
    "/organisations/{alfa}/posts/new/": (302, 403, 403, 200, 200, 403, 403),
    "/organisations/{alfa}/departments/new/": (302, 403, 403, 200, 200, 403, 403),
    "/organisations/{alfa}/nonsense/new/": (302, 403, 403, 404, 404, 403, 403),
    "/organisations/999999/": (302, 404, 404, 404, 404, 404, 404),
    "/employees/": (302, 403, 200, 200, 200, 403, 200),
    "/employees/new/": (302, 403, 403, 200, 200, 403, 403),
    "/employees/{alina}/": (302, 403, 200, 200, 200, 403, 200),
    "/employees/{vera}/": (302, 403, 404, 404, 200, 403, 200),
    "/employees/{alina}/change/": (302, 403, 403, 200, 200, 403, 403),
    "/employees/{vera}/change/": (302, 403, 403, 404, 200, 403, 403),
    "/employees/{admin}/change/": (302, 403, 403, 404, 403, 403, 403),  # her own card
    "/employees/{alina}/assignments/new/": (302, 403, 403, 200, 200, 403, 403),
    "/employees/{alina}/closure/": (302, 403, 403, 200, 200, 403, 403),
    "/roles/": (302, 403, 200, 200, 200, 403, 200),
}


def address(page: str, cast: SimpleNamespace, place: SimpleNamespace) -> str:
    return page.format(**{name: row.pk for name, row in (vars(place) | vars(cast)).items()})


@pytest.mark.parametrize("page", PAGES)
def test_who_opens_which_page(signed_in: SignIn, cast: SimpleNamespace, place: SimpleNamespace, page: str) -> None:
    url = address(page, cast, place)
    assert tuple(signed_in(who).get(url).status_code for who in WHO) == PAGES[page]


# what: answers for (alina, alfa_admin on Alfa's, alfa_admin on Beta's)
ACTIONS = [
    "/organisations/{org}/reopening/",
    "/employees/{who}/opening/",
    "/employees/{who}/unlocking/",
    "/employees/{who}/password/",
]


@pytest.mark.parametrize("action", ACTIONS)
def test_who_may_press(signed_in: SignIn, cast: SimpleNamespace, place: SimpleNamespace, action: str) -> None:
    ours = action.format(org=place.alfa.pk, who=cast.timur.pk)
    theirs = action.format(org=place.beta.pk, who=cast.vera.pk)
    assert signed_in("alina").post(ours).status_code == 403
    assert signed_in("alfa_admin").post(theirs).status_code == 404
    assert signed_in("alfa_admin").post(ours).status_code in (200, 302)
    assert signed_in("alfa_admin").get(ours).status_code == 405


def form_of(client: Client, url: str, **typed: Any) -> dict[str, Any]:
    """What a browser would send back: the form as it is shown, with what she typed."""
    shown = client.get(url).context["form"]
    data = {}
    for bound in shown:
        value = bound.field.widget.format_value(bound.value()) if bound.value() is not None else ""
        data[bound.html_name] = (value[0] if isinstance(value, list) and value else value) or ""
    return data | typed


def test_a_card_is_changed_and_leaves_a_line(signed_in: SignIn, place: SimpleNamespace) -> None:
    client, url = signed_in("alfa_admin"), f"/organisations/{place.alfa.pk}/change/"
    answer = client.post(url, form_of(client, url, address="Новосибирск, ул. Мира, 1"))

    assert answer.status_code == 302
    assert Organisation.objects.get(pk=place.alfa.pk).address == "Новосибирск, ул. Мира, 1"
    assert AuditLine.objects.get(action="organisations.change").details["changed"]["address"][0] == ""
    assert "Карточка исправлена: адрес" in client.get(f"/organisations/{place.alfa.pk}/").content.decode()


def test_an_insurer_cannot_change_its_code(signed_in: SignIn, place: SimpleNamespace) -> None:
    client, url = signed_in("alfa_admin"), f"/organisations/{place.alfa.pk}/change/"
    client.post(url, form_of(client, url, code="00001"))
    assert Organisation.objects.get(pk=place.alfa.pk).code == "54001"


def test_the_second_who_saves_sees_the_difference_and_decides(signed_in: SignIn, place: SimpleNamespace) -> None:
    url = f"/organisations/{place.alfa.pk}/change/"
    ada, yana = signed_in("admin"), signed_in("alfa_admin")
    slow = form_of(ada, url, address="Бердск", email="slow@alfa.test")
    yana.post(url, form_of(yana, url, address="Искитим", website="https://alfa.test"))

    seen = ada.post(url, slow)
    assert seen.status_code == 409
    page = seen.content.decode()
    assert all(text in page for text in ("Искитим", "Бердск", "slow@alfa.test", "https://alfa.test"))
    assert Organisation.objects.get(pk=place.alfa.pk).address == "Искитим"

    decided = dict(seen.context["hidden"]) | {"take-address": "mine", "take-website": "theirs", "take-email": "mine"}
    assert ada.post(url, decided).status_code == 302
    saved = Organisation.objects.get(pk=place.alfa.pk)
    assert (saved.address, saved.website, saved.email) == ("Бердск", "https://alfa.test", "slow@alfa.test")
    assert AuditLine.objects.filter(action="organisations.change").count() == 2


def test_hours_and_card_of_one_organisation_do_not_quarrel(signed_in: SignIn, place: SimpleNamespace) -> None:
    url, hours = f"/organisations/{place.alfa.pk}/change/", f"/organisations/{place.alfa.pk}/hours/"
    ada, yana = signed_in("admin"), signed_in("alfa_admin")
    slow = form_of(ada, url, address="Бердск")
    assert yana.post(hours, form_of(yana, hours, day1="8-20")).status_code == 302
    assert ada.post(url, slow).status_code == 302


def test_a_week_is_typed_filled_and_shown(signed_in: SignIn, place: SimpleNamespace) -> None:
    client, url = signed_in("admin"), f"/organisations/{place.clinic.pk}/sites/{place.site.pk}/hours/"
    filled = client.post(url, form_of(client, url, day1="8-20, обед 13-14", day6="9-14", fill="weekdays"))
    assert not WorkingHours.objects.exists()
    assert filled.context["form"]["day5"].value() == "8-20, обед 13-14"

    typed = {bound.html_name: bound.value() or "" for bound in filled.context["form"]}
    assert client.post(url, typed).status_code == 302
    assert WorkingHours.objects.filter(site=place.site).count() == 11
    shown = client.get(f"/organisations/{place.clinic.pk}/sites/").content.decode()
    assert "пн–пт 8:00–20:00, перерыв 13:00–14:00; сб 9:00–14:00" in shown


def test_a_wrong_day_is_named(signed_in: SignIn, place: SimpleNamespace) -> None:
    client, url = signed_in("admin"), f"/organisations/{place.alfa.pk}/hours/"
    answer = client.post(url, form_of(client, url, day1="утром"))
    assert answer.status_code == 422
    assert "Не понимаем «утром»" in answer.content.decode()


def test_parts_are_added_changed_and_removed(signed_in: SignIn, place: SimpleNamespace) -> None:
    client, base = signed_in("alfa_admin"), f"/organisations/{place.alfa.pk}"
    assert (
        client.post(
            f"{base}/hot-lines/new/", form_of(client, f"{base}/hot-lines/new/", phone="8 800 200-00-00")
        ).status_code
        == 302
    )
    line = HotLine.objects.get()
    assert line.phone == "+78002000000"
    url = f"{base}/hot-lines/{line.pk}/"
    assert client.post(url, form_of(client, url, is_round_the_clock="on")).status_code == 302
    assert "круглосуточно" in client.get(f"{base}/").content.decode()
    assert client.post(f"{url}removal/").status_code == 302
    assert not HotLine.objects.exists()


def test_the_same_line_twice_is_said_in_the_form(signed_in: SignIn, place: SimpleNamespace) -> None:
    HotLine.objects.create(organisation=place.alfa, phone="122")
    client, url = signed_in("alfa_admin"), f"/organisations/{place.alfa.pk}/hot-lines/new/"
    assert client.post(url, form_of(client, url, phone="122")).status_code == 422


def test_a_post_stands_in_a_clinic_of_the_territory(signed_in: SignIn, place: SimpleNamespace) -> None:
    client, url = signed_in("alfa_admin"), f"/organisations/{place.alfa.pk}/posts/new/"
    assert client.post(url, form_of(client, url, site=place.site.pk, room="101")).status_code == 302
    assert Post.objects.get().organisation == place.alfa
    far = Organisation.objects.create(kind="provider", code="22", name="Дальняя", territory=place.alt)
    site = Site.objects.create(organisation=far, name="Корпус", address="Барнаул")
    assert client.post(url, form_of(client, url, site=site.pk)).status_code == 422


def test_the_book_is_filtered_and_keeps_its_filters(signed_in: SignIn, place: SimpleNamespace) -> None:
    client = signed_in("alina")

    def names(query: str) -> set[str]:
        return {row.name for row in client.get(f"/organisations/?{query}").context["page"]}

    assert names("kind=provider") == {"Поликлиника № 1", "Поликлиника № 2"}
    assert names("text=540002") == {"Поликлиника № 2"}
    assert names("text=альфа филиал") == {"СМО Альфа, филиал"}
    assert names("territory=01000") == {"ТФОМС Алтайского края"}
    assert names("text=нетакого") == set()
    assert len(names("")) == 8


def person(**typed: Any) -> dict[str, Any]:
    return {"surname": "Новикова", "given_name": "Ирина", "login": "Novikova", "since": "01.03.2026"} | typed


def test_a_new_employee_gets_a_password_shown_once(signed_in: SignIn, place: SimpleNamespace) -> None:
    client, role = signed_in("alfa_admin"), Role.objects.get(slug="sp2")
    answer = client.post("/employees/new/", person(organisation=place.alfa.pk, role=role.pk))

    assert answer.status_code == 200
    someone = Employee.objects.get(login="novikova")
    assert someone.check_password(answer.context["password"])
    assert answer.context["password"] in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.context["password"] not in client.get(f"/employees/{someone.pk}/").content.decode()


WRONG_PEOPLE = [
    ({"login": "alina"}, "Такой логин уже занят"),
    ({"login": "Ирина"}, "латинские буквы"),
    ({"surname": ""}, "Фамилия:"),
    ({"since": "32.13.2026"}, ""),
    ({"since": "02.03.2026", "until": "01.03.2026"}, "раньше, чем началось"),
]


@pytest.mark.parametrize(("typed", "sentence"), WRONG_PEOPLE)
def test_a_wrong_card_says_what_is_wrong_and_adds_nobody(
    signed_in: SignIn, place: SimpleNamespace, typed: dict[str, Any], sentence: str
) -> None:
    before = Employee.objects.count()
    role = Role.objects.get(slug="sp2")
    answer = signed_in("alfa_admin").post("/employees/new/", person(organisation=place.alfa.pk, role=role.pk) | typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Ирина" in answer.content.decode()
    assert Employee.objects.count() == before


def test_roles_follow_the_chosen_organisation(signed_in: SignIn, place: SimpleNamespace) -> None:
    answer = signed_in("admin").post("/employees/new/", person(organisation=place.clinic.pk, narrow="1"))
    assert answer.status_code == 200
    offered = {str(role) for role in answer.context["form"].fields["role"].queryset}
    assert offered == {"Сотрудник клиники", "Администратор"}
    assert "Новикова" in answer.content.decode()
    role = Role.objects.get(slug="sp1")
    wrong = signed_in("admin").post("/employees/new/", person(organisation=place.clinic.pk, role=role.pk))
    assert wrong.status_code == 422


def test_an_assignment_is_given_and_ended(signed_in: SignIn, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    client, url = signed_in("alfa_admin"), f"/employees/{cast.alina.pk}/assignments/new/"
    typed = {"organisation": place.branch.pk, "role": Role.objects.get(slug="sp2").pk, "since": "вчера"}
    assert client.post(url, typed).status_code == 302
    given = Assignment.objects.get(employee=cast.alina, organisation=place.branch)
    assert given.since == TODAY - timedelta(days=1)

    assert client.post(url, typed).status_code == 422  # the same once more
    assert (
        client.post(f"/employees/{cast.alina.pk}/assignments/{given.pk}/ending/", {"on": "сегодня"}).status_code == 302
    )
    given.refresh_from_db()
    assert given.until == TODAY


def test_the_last_administrator_is_refused_on_the_page(signed_in: SignIn, cast: SimpleNamespace) -> None:
    answer = signed_in("admin").post(f"/employees/{cast.alfa_admin.pk}/closure/", {"why": "уволена"})
    assert answer.status_code == 422
    assert "последний администратор" in answer.content.decode()


def test_closing_entry_ends_the_session_at_once(signed_in: SignIn, cast: SimpleNamespace) -> None:
    alina = signed_in("alina")
    assert alina.get("/organisations/").status_code == 200
    signed_in("alfa_admin").post(f"/employees/{cast.alina.pk}/closure/", {"why": "уволена"})
    assert alina.get("/organisations/").status_code == 302


def test_a_new_password_ends_the_session_at_once(signed_in: SignIn, cast: SimpleNamespace) -> None:
    alina = signed_in("alina")
    signed_in("alfa_admin").post(f"/employees/{cast.alina.pk}/password/")
    assert alina.get("/organisations/").status_code == 302


def test_locked_people_are_found_and_unlocked(signed_in: SignIn, cast: SimpleNamespace) -> None:
    AccessAttempt.objects.create(username="alina", ip_address="10.0.0.1", user_agent="", failures_since_start=10)
    client = signed_in("alfa_admin")
    assert [row.login for row in client.get("/employees/?state=locked").context["page"]] == ["alina"]
    assert "Забыть неудачные попытки" in client.get(f"/employees/{cast.alina.pk}/").content.decode()
    client.post(f"/employees/{cast.alina.pk}/unlocking/")
    assert not client.get("/employees/?state=locked").context["page"]


def test_people_are_filtered(signed_in: SignIn, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    Assignment.objects.filter(employee=cast.timur).update(until=date(2021, 1, 1))
    client = signed_in("alfa_admin")

    def logins(query: str) -> set[str]:
        return {row.login for row in client.get(f"/employees/?{query}").context["page"]}

    assert logins("text=алиева ал") == {"alina"}
    assert logins(f"organisation={place.branch.pk}") == {"filial"}
    assert logins("role=sp3") == {"sp3"}
    assert logins("state=former") == {"timur"}
    assert logins("organisation=99999999999999999999999") == logins("")
    assert "vera" not in logins("")


def test_rights_are_ticked_and_saved(signed_in: SignIn) -> None:
    client = signed_in("admin")
    typed = ticks(client)
    typed["sp1.insured:history"] = "on"
    del typed["sp1.insured:edit"]
    assert client.post("/roles/", typed).status_code == 302
    rights = Role.objects.get(slug="sp1").rights
    assert "insured:history" in rights
    assert "insured:edit" not in rights
    assert AuditLine.objects.filter(action="roles.change").count() == 1


def test_two_administrators_of_rights_are_compared_cell_by_cell(signed_in: SignIn) -> None:
    first, second = signed_in("admin"), signed_in("admin")
    slow = ticks(second) | {"sp2.insured:history": "on"}
    first.post("/roles/", ticks(first) | {"sp1.insured:history": "on"})
    seen = second.post("/roles/", slow)
    assert seen.status_code == 409
    assert [(each.label, each.choice) for each in seen.context["differences"]] == [
        ("СП1: Видеть, кто и что менял в карточке", "theirs"),
        ("СП2: Видеть, кто и что менял в карточке", "mine"),
    ]


@pytest.mark.parametrize("who", ["alfa_admin", "auditor", "boris"])
def test_only_the_fund_saves_rights(signed_in: SignIn, who: str) -> None:
    assert signed_in(who).post("/roles/", {}).status_code == 403
    assert '<form method="post" class="stack"' not in signed_in(who).get("/roles/").content.decode()


def ticks(client: Client) -> dict[str, Any]:
    form = client.get("/roles/").context["form"]
    ticked = {bound.html_name: "on" for bound in form if bound.value() is True}
    return ticked | {"opened": form.fields["opened"].initial}


def test_a_refused_page_names_who_can_help(signed_in: SignIn) -> None:
    assert "Алфеева Яна" in signed_in("alina").get("/employees/").content.decode()


# the frame (session, account, assignment, scope) costs eleven
LISTS = [("/organisations/", 18), ("/employees/", 17), ("/roles/", 12)]


@pytest.mark.parametrize(("page", "budget"), LISTS)
def test_lists_have_a_budget(signed_in: SignIn, django_assert_max_num_queries: Any, page: str, budget: int) -> None:
    client = signed_in("admin")
    client.get(page)
    with django_assert_max_num_queries(budget):
        assert client.get(page).status_code == 200
