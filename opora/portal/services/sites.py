"""A site is opened and changed by who manages its organisation."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from opora.audit.services import record
from opora.knowledge.models import AnswerCard
from opora.organisations.limits import check_manages
from opora.organisations.models import Employee, Organisation
from opora.portal.errors import SlugTaken
from opora.portal.models import Site
from opora.shared import conflict

FIELDS = ("slug", "name", "greeting", "colour", "is_published", "is_default")


@transaction.atomic
def open_site(organisation: Organisation, *, slug: str, name: str, by: Employee) -> Site:
    """Open a site of an organisation, not published yet. Raises NotYours, SlugTaken."""
    check_manages(by, organisation)
    site = Site(organisation=organisation, territory_id=organisation.territory_id, slug=slug, name=name)
    _save(site)
    record("portal.site.open", site, by=by)
    return site


@transaction.atomic
def change_site(
    pk: int, *, version: int, changes: dict[str, object], cards: Iterable[AnswerCard], by: Employee
) -> Site:
    """Change a site and the answers it shows. One made the territory's default takes that from the former one.

    Raises NotYours, ChangedMeanwhile, SlugTaken.
    """
    site = conflict.locked(Site, pk, version=version)
    check_manages(by, site.organisation)
    changed = [name for name in FIELDS if name in changes and getattr(site, name) != changes[name]]
    for name in changed:
        setattr(site, name, changes[name])
    if site.is_default and "is_default" in changed:
        Site.objects.filter(territory=site.territory_id, is_default=True).exclude(pk=pk).update(is_default=False)
    site.version += 1
    _save(site)
    site.cards.set(cards)
    record("portal.site.change", site, by=by, details={"changed": sorted(changed)})
    return site


def _save(site: Site) -> None:
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError as fault:
        if "slug" in str(fault):
            raise SlugTaken from fault
        raise
