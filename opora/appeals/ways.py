"""Ways an appeal may go, as forms offer them: ranked by the routes, each with its reason, key and values of fields."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from opora.appeals.actor import actor_of, first_line
from opora.appeals.intaking.fields import OWNER
from opora.appeals.models.appeal import Appeal
from opora.appeals.routing import Question, Suggestion, suggest
from opora.appeals.words import PartyRole
from opora.classifiers.words import Line
from opora.insured.models import Person

if TYPE_CHECKING:
    from opora.appeals.card import Case
    from opora.appeals.intaking.sheet import Sheet
    from opora.appeals.models import Party
    from opora.organisations.models import Employee, Organisation

MOST = 4
HERE = "#answer"  # the field of intake where the answer is written
REGISTER_FIRST = "Сначала зарегистрируйте и возьмите себе, потом направьте наружу с карточки."


@dataclass(frozen=True, slots=True)
class Way:
    """One way: ``fill`` are values of fields by name, ``href`` another page instead, neither — nothing to press."""

    key: str
    title: str
    why: str
    fill: str = ""
    href: str = ""
    owner: int | None = None

    @property
    def value(self) -> str:
        """What the field «Кому» of intake gets."""
        return str(json.loads(self.fill).get("to", "")) if self.fill else ""


def of_card(case: Case, employee: Employee) -> list[Way]:
    """Return where an appeal may go from its card; where it already is, is left out."""
    appeal = case.appeal
    person = _whose(case)
    insurer, territory, person_id, clinic = _of_person(person, employee)
    asked = Question(
        kind=appeal.kind,
        topic=appeal.topic,
        flags=appeal.flags,
        text=case.text,
        insurer=insurer,
        person_territory=territory,
        person_id=person_id,
        besides=appeal.pk,
        clinic=(case.wait.provider if case.wait else None) or clinic,
        accused=frozenset(reason.provider_id for reason in case.reasons if reason.provider_id is not None),
    )
    found = suggest(asked, actor=actor_of(employee), level=employee.representative_level)
    return _numbered([way for one in found if (way := _from_card(one, appeal)) is not None])


def of_intake(sheet: Sheet) -> list[Way]:
    """Return where an appeal that is being taken may go; nothing before its topic is known."""
    if sheet.topic is None:
        return []
    asked = Question(
        kind=sheet.kind,
        topic=sheet.topic,
        flags=[*sheet.data.getlist("flags"), *sheet.sure_flag_codes],
        text=sheet.data.get("text", ""),
        insurer=sheet.person.insurer if sheet.person else None,
        person_territory=sheet.person.territory_id if sheet.person else "",
        person_id=sheet.person.pk if sheet.person else None,
        clinic=sheet.person.provider if sheet.person else None,
        accused=frozenset(int(row.provider) for row in sheet.reasons if row.provider.isdecimal()),
    )
    found = suggest(asked, actor=sheet.actor, level=sheet.employee.representative_level)
    return _numbered([_from_intake(one, sheet.actor.holder) for one in found])


def _numbered(ways: list[Way]) -> list[Way]:
    """The first four have a digit each; one that cannot be pressed has none and takes none."""
    numbers = iter("123456789")
    return [
        Way(next(numbers) if way.fill or way.href else "", way.title, way.why, way.fill, way.href, way.owner)
        for way in ways[:MOST]
    ]


def _from_card(one: Suggestion, appeal: Appeal) -> Way | None:
    target = one.target
    if target is None:
        act, query = ("forward", _outside(one)) if one.outside else ("prepare_answer", "")
        return Way("", one.title, one.why, href=reverse("appeals:act", args=[appeal.number, act]) + query)
    handler = target.handler if target.handler and target.handler.pk != appeal.handler_id else None
    owner = target.owner.pk if target.owner else None
    line = target.line or (first_line(handler) if handler else "")
    if handler is None and (str(line), owner) in {(appeal.line, appeal.owner_id), (appeal.line, None)}:
        return None
    fill = {"line": str(line), "handler": handler.pk if handler else "", "owner": owner or ""}
    return Way("", one.title, one.why, fill=json.dumps(fill), owner=owner)


def _from_intake(one: Suggestion, holder: int) -> Way:
    target = one.target
    if target is None:
        return (
            Way("", one.title, f"{one.why} {REGISTER_FIRST}") if one.outside else Way("", one.title, one.why, href=HERE)
        )
    if one.appeal is not None:
        fill = {"to": OWNER, "repeats": str(one.appeal.pk)}
    elif target.handler is not None and target.handler.pk != holder:
        fill = {"to": place_value(target.handler, target.line)}
    else:
        fill = {"to": f"line:{target.line}"}
    return Way("", one.title, one.why, fill=json.dumps(fill))


def place_value(handler: Organisation, line: Line | str | None) -> str:
    """Return what the field «Кому» calls another organisation; a line that is not its first one stands behind."""
    usual = line is None or Line(line) is first_line(handler)
    return f"org:{handler.pk}" if usual else f"org:{handler.pk}:{line}"


def _outside(one: Suggestion) -> str:
    whom = {"to_organisation": one.addressee.pk} if one.addressee else {"to_name": one.title}
    return "?" + urlencode({"outside": one.outside, **whom})


def _whose(case: Case) -> Party | None:
    """The person the appeal is about, else who applied."""
    by_role = {party.role: party for party in case.parties}
    return by_role.get(PartyRole.CONCERNED) or by_role.get(PartyRole.APPLICANT)


def _of_person(party: Party | None, employee: Employee) -> tuple[Any, str, int | None, Organisation | None]:
    """Return his insurer, where he is insured, his key in the register and the clinic he is attached to."""
    if party is None:
        return None, "", None, None
    people = Person.objects.accessible_to(employee).select_related("insurer__territory", "provider")
    person = people.filter(pk=party.person_id).first() if party.person_id else None
    if person is None:  # in nobody's register here: he is known by the insurer he named
        return party.insurer, party.insurer.territory_id if party.insurer else "", party.person_id, None
    return person.insurer or party.insurer, person.territory_id, person.pk, person.provider
