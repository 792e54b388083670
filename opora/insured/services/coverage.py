"""Policies and attachments over time. A trigger folds them into ``insurer`` and ``provider`` of the card."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from opora.access.scope import Scope, Sees, enter
from opora.insured.errors import OutsideReach, PeriodReversed, PeriodsOverlap
from opora.insured.models import Attachment, Person, Policy
from opora.insured.rules import Period, day_before
from opora.insured.services.changes import add_row, change_row, locked_person

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation, Site

# Between the end of one policy and the beginning of the next the card belongs to nobody, and its author would lose it
# half-way. The card itself has been found and locked under her own scope.
BETWEEN = Scope.system("a policy changes hands")


@transaction.atomic
def add_policy(
    person_id: int,
    *,
    kind: int,
    number: str,
    insurer: Organisation,
    since: date,
    by: Employee,
    series: str = "",
    until: date | None = None,
) -> Policy:
    """Add a policy; the one still open before ``since`` ends the day before. Raises PeriodReversed, PeriodsOverlap."""
    person = locked_person(person_id)
    policy = Policy(person=person, kind=kind, series=series, number=number, insurer=insurer, since=since, until=until)
    _own(insurer.pk, by)
    _forward(policy)
    with enter(BETWEEN):
        _end_former(person, list(person.policies.all()), policy, by=by, kind="policy")
        add_row(person, policy, by=by, action="insured.policy.add", kind="policy")
    return policy


@transaction.atomic
def change_policy(policy_id: int, *, changes: dict[str, Any], by: Employee) -> Policy:
    """Correct or end a policy. Raises PeriodReversed, PeriodsOverlap."""
    person = locked_person(Policy.objects.values_list("person_id", flat=True).get(pk=policy_id))
    policy = Policy.objects.select_related("insurer").get(pk=policy_id)
    _own(policy.insurer_id, by)
    _own(changes["insurer"].pk if "insurer" in changes else policy.insurer_id, by)
    _change(person, policy, list(person.policies.exclude(pk=policy_id)), changes, by=by, kind="policy")
    return policy


@transaction.atomic
def add_attachment(
    person_id: int,
    *,
    provider: Organisation,
    since: date,
    by: Employee,
    profile: str = Attachment.Profile.THERAPY,
    site: Site | None = None,
    area: str = "",
    doctor_snils: str = "",
    until: date | None = None,
) -> Attachment:
    """Attach to a clinic; the open attachment of the profile ends the day before. Raises as ``add_policy``."""
    person = locked_person(person_id)
    attachment = Attachment(
        person=person, provider=provider, site=site, profile=profile, area=area, doctor_snils=doctor_snils,
        since=since, until=until,
    )  # fmt: skip
    _forward(attachment)
    with enter(BETWEEN):
        _end_former(person, list(person.attachments.filter(profile=profile)), attachment, by=by, kind="attachment")
        add_row(person, attachment, by=by, action="insured.attachment.add", kind="attachment")
    return attachment


@transaction.atomic
def change_attachment(attachment_id: int, *, changes: dict[str, Any], by: Employee) -> Attachment:
    """Correct or end an attachment. Raises PeriodReversed, PeriodsOverlap."""
    person = locked_person(Attachment.objects.values_list("person_id", flat=True).get(pk=attachment_id))
    attachment = Attachment.objects.select_related("provider", "site").get(pk=attachment_id)
    profile = changes.get("profile", attachment.profile)
    others = list(person.attachments.filter(profile=profile).exclude(pk=attachment_id))
    _change(person, attachment, others, changes, by=by, kind="attachment")
    return attachment


def _change[R: (Policy, Attachment)](
    person: Person, row: R, others: list[R], changes: dict[str, Any], *, by: Employee, kind: str
) -> None:
    wanted = Period(changes.get("since", row.since), changes.get("until", row.until))
    if wanted.until and wanted.until < wanted.since:
        raise PeriodReversed
    if wanted != Period(row.since, row.until):
        _refuse_overlap(wanted, others)
    with enter(BETWEEN):
        change_row(person, row, changes, by=by, action=f"insured.{kind}.change", kind=kind)


def _own(insurer_id: int, by: Employee) -> None:
    """An insurer writes its own policies; the fund writes any of its territory."""
    if by.scope.sees == Sees.INSURER and insurer_id != by.scope.insurer:
        raise OutsideReach("Полисы другой страховой ведёт она сама или фонд.")


def _end_former[R: (Policy, Attachment)](person: Person, rows: list[R], new: R, *, by: Employee, kind: str) -> None:
    """Close the open row that began before the new one; whatever still overlaps is refused."""
    for row in rows:
        if row.until is None and row.since < new.since:
            until = {"until": day_before(new.since)}
            change_row(person, row, until, by=by, action=f"insured.{kind}.change", kind=kind)
    _refuse_overlap(Period(new.since, new.until), rows)


def _refuse_overlap(wanted: Period, rows: list[Policy] | list[Attachment]) -> None:
    for row in rows:
        if wanted.overlaps(Period(row.since, row.until)):
            until = f"по {row.until:%d.%m.%Y}" if row.until else "и действует сейчас"
            raise PeriodsOverlap(
                f"На эти дни уже есть запись: с {row.since:%d.%m.%Y} {until}. Исправьте её или выберите другие даты."
            )


def _forward(row: Policy | Attachment) -> None:
    if row.until and row.until < row.since:
        raise PeriodReversed
