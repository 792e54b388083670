"""One look at one person: policy, insurer, clinic, how to reach, what he allowed. Two queries, whatever he has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import models
from django.utils import timezone

from opora.insured import reach
from opora.insured.models import (
    Attachment,
    Consent,
    Contact,
    FormerName,
    IdentityDocument,
    Person,
    PersonCategory,
    Policy,
)
from opora.insured.rules import IN_TALK, LANGUAGES, Period, age_words
from opora.organisations.hours import Interval, State, Week, state, week_lines
from opora.organisations.models import HotLine, Organisation, Site, WorkingHours
from opora.shared import names
from opora.shared.prepared import cursor_with_plans

SQL = (Path(__file__).parent / "sql" / "card.sql").read_text(encoding="utf-8")
PARTS: dict[str, type[models.Model]] = {
    "policies": Policy,
    "attachments": Attachment,
    "contacts": Contact,
    "consents": Consent,
    "categories": PersonCategory,
    "documents": IdentityDocument,
    "former_names": FormerName,
    "organisations": Organisation,
    "hot_lines": HotLine,
    "sites": Site,
    "hours": WorkingHours,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A clinic or one of its sites as the caller needs it: where, when, which number."""

    name: str
    address: str
    phone: str
    state: State | None
    week: list[tuple[str, str]]


class Card:
    """Everything the page of a person shows. Days are local to the person; ``now`` is his own clock."""

    def __init__(self, person: Person, parts: dict[str, list[Any]], *, at: datetime) -> None:
        self.person = person
        self.at = at
        self.now = at.astimezone(person.zone)
        self.today: date = self.now.date()
        self.contacts: list[Contact] = reach.by_quality(parts["contacts"])
        self.consents: list[Consent] = parts["consents"]
        self.documents: list[IdentityDocument] = parts["documents"]
        self.former_names: list[FormerName] = parts["former_names"]
        self.policies: list[Policy] = parts["policies"]
        self.attachments: list[Attachment] = parts["attachments"]
        self._categories: list[PersonCategory] = parts["categories"]
        self._hot_lines: list[HotLine] = parts["hot_lines"]
        self._sites: list[Site] = parts["sites"]
        self._hours: list[WorkingHours] = parts["hours"]
        organisations = {row.pk: row for row in parts["organisations"]}
        sites = {site.pk: site for site in self._sites}
        for policy in self.policies:
            policy.insurer = organisations[policy.insurer_id]
        for attachment in self.attachments:
            attachment.provider = self._placed(organisations[attachment.provider_id])
            attachment.site = sites[attachment.site_id] if attachment.site_id else None

    @property
    def age(self) -> str:
        return age_words(self.person.birth_on, self.person.died_on or self.today)

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.person.language, self.person.language)

    @property
    def clock(self) -> str:
        return f"{self.now:%H:%M}"

    @property
    def pronoun(self) -> str:
        """«у него 19:40»."""
        return "у неё" if self.person.sex == Person.Sex.FEMALE else "у него"

    # who insures

    @cached_property
    def policy(self) -> Policy | None:
        """The policy in force today; the latest of several."""
        return next((row for row in self.policies if Period(row.since, row.until).holds(self.today)), None)

    @property
    def other_policies(self) -> list[Policy]:
        return [row for row in self.policies if row is not self.policy]

    @property
    def last_policy(self) -> Policy | None:
        """The policy that ended last, when none is in force."""
        ended = [row for row in self.policies if row.until and row.until < self.today]
        return max(ended, key=lambda row: row.until or row.since, default=None)

    @property
    def insurer(self) -> Organisation | None:
        return self.policy.insurer if self.policy else None

    @property
    def hot_lines(self) -> list[HotLine]:
        return [line for line in self._hot_lines if self.policy and line.organisation_id == self.policy.insurer_id]

    # where attached

    @cached_property
    def current_attachments(self) -> list[Attachment]:
        """Attachments in force today, the therapist's clinic first."""
        current = [row for row in self.attachments if Period(row.since, row.until).holds(self.today)]
        return sorted(current, key=lambda row: Attachment.Profile.values.index(row.profile))

    @property
    def attachment(self) -> Attachment | None:
        return self.current_attachments[0] if self.current_attachments else None

    @property
    def former_attachments(self) -> list[Attachment]:
        return [row for row in self.attachments if row not in self.current_attachments]

    @cached_property
    def clinic(self) -> Place | None:
        """Where to come by the main attachment: its site, else the only site, else the clinic as a whole."""
        if self.attachment is None:
            return None
        provider = self.attachment.provider
        sites = [site for site in self._sites if site.organisation_id == provider.pk]
        site = self.attachment.site or (sites[0] if len(sites) == 1 else None)
        week = self._week(site) if site and any(self._week(site)) else self._week(provider)
        return Place(
            name=provider.name,
            address=site.address if site else provider.address,
            phone=site.phone if site else "",
            state=state(week, self.at, provider.zone),
            week=week_lines(week),
        )

    def _placed(self, provider: Organisation) -> Organisation:
        """Give the clinic its territory without a query when it is the person's own."""
        if provider.territory_id == self.person.territory_id:
            provider.territory = self.person.territory
        return provider

    def _week(self, place: Organisation | Site) -> Week:
        name = "site_id" if isinstance(place, Site) else "organisation_id"
        rows = [row for row in self._hours if getattr(row, name) == place.pk]
        return tuple(
            tuple(Interval.of(row.opens_at, row.closes_at) for row in rows if row.weekday == day) for day in range(1, 8)
        )

    # how to reach

    def _of(self, kind: str) -> list[Contact]:
        return [contact for contact in self.contacts if contact.kind == kind]

    @property
    def phones(self) -> list[Contact]:
        return self._of(Contact.Kind.PHONE)

    @property
    def emails(self) -> list[Contact]:
        return self._of(Contact.Kind.EMAIL)

    @property
    def addresses(self) -> list[Contact]:
        return self._of(Contact.Kind.ADDRESS)

    @cached_property
    def best_phone(self) -> Contact | None:
        return reach.best(self.contacts)

    @property
    def to_ask(self) -> str:
        """Why the phone should be asked for in this talk; empty when there is nothing to ask."""
        return "" if self.person.died_on else reach.to_ask(self.contacts, self.today)

    @cached_property
    def call_window(self) -> reach.CallWindow:
        return reach.call_window(self.now)

    @property
    def refuses_calls(self) -> bool:
        return reach.refuses_calls(self.consents, self.today)

    @property
    def consent_rows(self) -> list[tuple[str, list[reach.Answer]]]:
        """One line a channel, one answer a purpose, as the table prints them."""
        found = reach.answers(self.consents, self.today)
        purposes = Consent.Purpose.values
        return [
            (label, [found[channel, purpose] for purpose in purposes]) for channel, label in Consent.Channel.choices
        ]

    # what to mind

    @cached_property
    def categories(self) -> list[PersonCategory]:
        """Categories in force today, those that change the talk first."""
        rows = [row for row in self._categories if Period(row.since or date.min, row.until).holds(self.today)]
        return sorted(rows, key=lambda row: row.code not in IN_TALK)

    @property
    def past_categories(self) -> list[PersonCategory]:
        return [row for row in self._categories if row not in self.categories]

    @property
    def talk(self) -> list[str]:
        """What to do differently in the talk."""
        hints = [IN_TALK[row.code] for row in self.categories if row.code in IN_TALK]
        if self.person.language != "ru":
            hints.insert(0, f"родной язык {self.language}: говорите проще, спросите, нужен ли переводчик")
        return hints

    @property
    def doubts(self) -> list[str]:
        """What is wrong with the card itself and waits for a correction."""
        person = self.person
        found = []
        if person.enp and not person.enp_is_confirmed:
            found.append("контрольная цифра ЕНП не сходится")
        if any(names.mixed_alphabet(part) for part in (person.surname, person.given_name, person.patronymic)):
            found.append("в имени буквы разных алфавитов")
        return found


def of(person: Person, *, at: datetime | None = None) -> Card:
    """Return the card of a person who is already loaded with his territory; one more query."""
    with cursor_with_plans() as cursor:
        cursor.execute(SQL, {"person": person.pk})
        row = cursor.fetchone()
        columns = [column.name for column in cursor.description or ()]
    found = dict(zip(columns, row or (), strict=True))
    parts = {name: [_row(model, document) for document in _read(found[name])] for name, model in PARTS.items()}
    return Card(person, parts, at=at or timezone.now())


def _read(value: Any) -> list[dict[str, Any]]:
    return list(json.loads(value) if isinstance(value, str) else value or [])


def _row(model: type[models.Model], document: dict[str, Any]) -> Any:
    """Return the row that PostgreSQL has sent as JSON, as if the ORM had read it."""
    fields = model._meta.concrete_fields
    values = [field.to_python(document[str(field.column)]) for field in fields]
    return model.from_db("default", [field.attname for field in fields], values)
