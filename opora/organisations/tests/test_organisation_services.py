"""Organisations and their parts: who may change them, and what is left behind."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from opora.audit.models import AuditLine
from opora.organisations import errors
from opora.organisations.hours import ROUND_THE_CLOCK, parse_day, week_text
from opora.organisations.models import Assignment, Department, HotLine, Organisation, Post, Site
from opora.organisations.services.hours import set_hours, week_of
from opora.organisations.services.organisations import (
    add_organisation,
    change_organisation,
    close_organisation,
    reopen_organisation,
)
from opora.organisations.services.parts import add_part, change_part, remove_part
from opora.shared.conflict import ChangedMeanwhile

WHO_CHANGES_ALFA = [
    ("admin", True),  # the fund
    ("alfa_admin", True),
    ("filial", False),
    ("vera", False),
    ("clerk", False),
    ("far", False),
]


def line() -> AuditLine:
    return AuditLine.objects.latest("at", "id")


@pytest.mark.parametrize(("who", "may"), WHO_CHANGES_ALFA)
def test_who_changes_an_insurer(cast: SimpleNamespace, place: SimpleNamespace, who: str, may: bool) -> None:
    by = getattr(cast, who)
    if may:
        change_organisation(place.alfa, version=1, changes={"address": "Новосибирск"}, by=by)
        assert line().details == {"changed": {"address": ["", "Новосибирск"]}}
        assert line().employee_id == by.pk
    else:
        with pytest.raises(errors.NotYours):
            change_organisation(place.alfa, version=1, changes={"address": "Новосибирск"}, by=by)
        assert not AuditLine.objects.filter(employee_id=by.pk).exists()


def test_a_stale_version_is_refused_and_saves_nothing(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    change_organisation(place.alfa, version=1, changes={"email": "a@alfa.test"}, by=cast.alfa_admin)
    with pytest.raises(ChangedMeanwhile):
        change_organisation(place.alfa, version=1, changes={"address": "Бердск"}, by=cast.admin)
    place.alfa.refresh_from_db()
    assert (place.alfa.email, place.alfa.address, place.alfa.version) == ("a@alfa.test", "", 2)


def test_saving_without_a_change_leaves_no_line(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    change_organisation(place.alfa, version=1, changes={"name": place.alfa.name}, by=cast.admin)
    assert not AuditLine.objects.filter(employee_id=cast.admin.pk).exists()


def new(place: SimpleNamespace, **fields: Any) -> dict[str, Any]:
    return {"kind": "provider", "code": "0540077", "name": "Больница", "territory": place.nsk, **fields}


def test_the_fund_adds_a_clinic_and_zeros_stay(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    clinic = add_organisation(fields=new(place), by=cast.admin)
    assert Organisation.objects.get(pk=clinic.pk).code == "0540077"
    with pytest.raises(errors.CodeTaken):
        add_organisation(fields=new(place), by=cast.admin)


def test_an_insurer_adds_only_branches_of_its_own(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    branch = new(place, kind="branch", code="54009", parent=place.alfa)
    assert add_organisation(fields=branch, by=cast.alfa_admin).parent == place.alfa
    for wrong in (new(place), branch | {"code": "54010", "parent": place.beta}):
        with pytest.raises(errors.NotYours):
            add_organisation(fields=wrong, by=cast.alfa_admin)


def test_the_fund_adds_nothing_elsewhere(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    with pytest.raises(errors.NotYours):
        add_organisation(fields=new(place, territory=place.alt), by=cast.admin)


def test_closing_ends_assignments_the_day_before(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    role = Assignment.objects.get(employee=cast.vera).role
    Assignment.objects.create(employee=cast.timur, organisation=place.beta, role=role, since=date(2030, 1, 1))
    close_organisation(place.beta, on=date(2026, 6, 1), why="реорганизация", by=cast.admin)

    assert Assignment.objects.get(organisation=place.beta).until == date(2026, 5, 31)
    assert line().action == "organisations.close"
    assert line().details["assignments_ended"] == 1
    assert line().details["assignments_dropped"] == 1
    reopen_organisation(place.beta, by=cast.admin)
    assert Organisation.objects.get(pk=place.beta.pk).closed_on is None


def test_what_cannot_be_closed(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    with pytest.raises(errors.HasBranches):
        close_organisation(place.alfa, on=date(2026, 6, 1), why="", by=cast.admin)
    with pytest.raises(errors.OwnOrganisation):
        close_organisation(place.fund, on=date(2026, 6, 1), why="", by=cast.admin)
    with pytest.raises(errors.NotYours):
        close_organisation(place.beta, on=date(2026, 6, 1), why="", by=cast.alfa_admin)


PARTS: list[tuple[Any, dict[str, Any]]] = [
    (Site, {"name": "Второй корпус", "address": "ул. Мира, 2"}),
    (HotLine, {"phone": "+78002000000"}),
    (Department, {"name": "Контакт-центр"}),
]


@pytest.mark.parametrize(("model", "fields"), PARTS)
def test_a_part_comes_changes_and_goes(
    cast: SimpleNamespace, place: SimpleNamespace, model: Any, fields: dict[str, Any]
) -> None:
    part = add_part(model, organisation=place.alfa, fields=fields, by=cast.alfa_admin)
    name = next(iter(fields))
    change_part(part, version=1, changes={name: "другое"}, by=cast.alfa_admin)
    assert line().details == {"organisation": place.alfa.pk, "changed": {name: [fields[name], "другое"]}}
    with pytest.raises(ChangedMeanwhile):
        change_part(part, version=1, changes={name: "третье"}, by=cast.admin)
    with pytest.raises(errors.NotYours):
        remove_part(part, by=cast.vera)
    remove_part(part, by=cast.alfa_admin)
    assert line().action.endswith(".remove")
    assert not model.objects.filter(pk=part.pk).exists()


def test_a_site_with_a_post_stays(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    add_part(Post, organisation=place.alfa, fields={"site": place.site, "room": "101"}, by=cast.alfa_admin)
    with pytest.raises(errors.StillUsed):
        remove_part(place.site, by=cast.admin)
    assert Site.objects.filter(pk=place.site.pk).exists()


def test_hours_are_replaced_as_one_week(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    week = (*[parse_day("8-20, обед 13-14")] * 5, parse_day("9-14"), ())
    set_hours(place.site, week=week, version=1, by=cast.admin)
    place.site.refresh_from_db()
    assert week_of(place.site) == week
    set_hours(place.site, week=(ROUND_THE_CLOCK,) * 7, version=2, by=cast.admin)
    assert line().details == {"changed": {"hours": [week_text(week), "каждый день круглосуточно"]}}
    assert week_of(Site.objects.get(pk=place.site.pk)) == (ROUND_THE_CLOCK,) * 7
    with pytest.raises(ChangedMeanwhile):
        set_hours(place.site, week=week, version=2, by=cast.admin)
