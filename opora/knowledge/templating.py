"""Templates of letters are written by the organisation that signs them."""

from __future__ import annotations

from django.db import transaction

from opora.audit.services import record
from opora.knowledge import errors, letters
from opora.knowledge.models import LetterTemplate, TemplateText
from opora.organisations.models import Employee, Organisation
from opora.shared.conflict import ChangedMeanwhile


@transaction.atomic
def reword_template(
    kind: str, *, organisation: Organisation, version: int, about: str, body: str, by: Employee
) -> LetterTemplate:
    """Write a new wording; an empty body returns to the shipped one. ``version`` 0 — there was none of her own yet.

    Raises NotYourTemplate, FieldUnknown, ChangedMeanwhile.
    """
    if by.assignment is None or by.assignment.organisation_id != organisation.pk:
        raise errors.NotYourTemplate
    body = body.replace("\r\n", "\n").strip()
    if body:
        letters.check(kind, about, body)
    row = _locked(kind, organisation, version)
    former = row.text
    if former is not None and (former.about, former.body) == (about, body):
        return row
    number = former.number + 1 if former else 1
    row.text = TemplateText.objects.create(template=row, number=number, about=about, body=body, by=by)
    row.version += 1
    row.save(update_fields=["text", "version"])
    record("knowledge.template.reword", row, by=by, details={"kind": kind, "number": number})
    return row


def _locked(kind: str, organisation: Organisation, version: int) -> LetterTemplate:
    """The row under lock; two who begin the first own template meet at the unique key."""
    row, _ = LetterTemplate.objects.select_for_update(of=("self",)).get_or_create(
        kind=kind, organisation=organisation, defaults={"version": 0}
    )
    if row.version != version:
        raise ChangedMeanwhile
    return row
