"""Commands of texts. A text is never changed: what was sent keeps the version it went with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.audit.services import record
from opora.informing.errors import TextBusy, TextRefused
from opora.informing.models import Template
from opora.informing.texts.figures import Figure, figure, longest
from opora.informing.texts.looks import campaign_of
from opora.informing.texts.queries import versions
from opora.informing.texts.rules import faults, languages
from opora.shared.typography import thousands

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation


def save(draft: Template, *, organisation: Organisation, former: int | None, by: Employee) -> Template:
    """Keep a draft as the next version of the organisation's own text; unchanged it stays as it is.

    ``former`` is the version she saw, None — there was none. Raises TextRefused naming every fault, TextBusy when a
    colleague was faster.
    """
    draft.organisation = organisation
    _check(draft, organisation)
    try:
        with transaction.atomic():
            return _kept(draft, former, by)
    except IntegrityError as fault:
        raise TextBusy from fault


@transaction.atomic
def withdraw(template: Template, *, by: Employee) -> None:
    """Let the shipped text speak again; campaigns that have chosen this version keep it. Raises TextBusy."""
    own = Template.objects.filter(pk=template.pk, is_current=True).exclude(organisation=None)
    if not own.update(is_current=False):
        raise TextBusy
    record("informing.text.withdraw", template, by=by)


def _kept(draft: Template, former: int | None, by: Employee) -> Template:
    every = versions(draft)
    last = every.select_for_update(of=("self",)).first()
    current = every.filter(is_current=True).first()
    if (current.version if current else None) != former:
        raise TextBusy
    if current and (current.text, current.subject) == (draft.text, draft.subject):
        return current
    every.filter(is_current=True).update(is_current=False)
    made = Template.objects.create(
        organisation=draft.organisation,
        measure=draft.measure,
        purpose=draft.purpose,
        channel=draft.channel,
        language=draft.language,
        version=last.version + 1 if last else 1,
        subject=draft.subject,
        text=draft.text,
        by=by,
    )
    details = {"measure": made.measure, "channel": made.channel, "version": made.version}
    record("informing.text.save", made, by=by, details=details)
    return made


def _check(draft: Template, organisation: Organisation) -> None:
    if draft.language not in dict(languages()):
        raise TextRefused("Такого языка в списке нет.")
    found = [one.sentence for one in faults(draft.text, draft.channel)]
    if draft.subject:
        found += [f"Тема. {one.sentence}" for one in faults(draft.subject, draft.channel)]
    if found:
        raise TextRefused(" ".join(found))
    how = figure(draft.text, draft.channel, campaign_of(draft, organisation, timezone.localdate().year))
    if how.too_long:
        raise TextRefused(too_long_words(how, longest(draft.channel)))


def too_long_words(how: Figure, most: int) -> str:
    """Say for how many people a text is too long: a count of the plan, or a share of a sample."""
    many = thousands(how.too_long)
    if how.is_sample:
        share = f"{how.share_too_long:.1f}".replace(".", ",")
        return (
            f"Текст длиннее {most} знаков примерно у {share} % людей плана "
            f"(у {many} из {thousands(how.people)}, взятых на пробу): сократите его."
        )
    return f"Текст длиннее {most} знаков у {many} человек плана из {thousands(how.people)}: сократите его."
