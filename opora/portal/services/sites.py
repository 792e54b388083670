"""A site is opened and changed by who manages its organisation; its door is there from the first moment."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.doors.models import Door
from opora.doors.words import Kind
from opora.knowledge.models import AnswerCard
from opora.organisations.limits import check_manages
from opora.organisations.models import Employee, Organisation
from opora.portal.errors import SlugTaken
from opora.portal.models import Site
from opora.shared import conflict

FIELDS = ("slug", "name", "greeting", "colour", "is_published", "is_default")
DOOR = "site"


@transaction.atomic
def open_site(organisation: Organisation, *, slug: str, name: str, by: Employee | None) -> Site:
    """Open a site of an organisation with its door, not published yet. Raises NotYours, SlugTaken."""
    check_manages(by, organisation)
    site = Site(organisation=organisation, territory_id=organisation.territory_id, slug=slug, name=name)
    _save(site)
    door_of(organisation)
    record("portal.site.open", site, by=by)
    return site


@transaction.atomic
def change_site(
    pk: int, *, version: int, changes: dict[str, object], cards: Iterable[AnswerCard], by: Employee | None
) -> Site:
    """Change a site and the answers it shows. One made the territory's default takes that from the former one: by who
    manages both.

    Raises NotYours, ChangedMeanwhile, SlugTaken.
    """
    site = conflict.locked(Site, pk, version=version)
    check_manages(by, site.organisation)
    changed = [name for name in FIELDS if name in changes and getattr(site, name) != changes[name]]
    for name in changed:
        setattr(site, name, changes[name])
    if site.is_default and "is_default" in changed:
        _take_default(site, by)
    site.version += 1
    _save(site)
    door_of(site.organisation)
    site.cards.set(cards)
    record("portal.site.change", site, by=by, details={"changed": sorted(changed)})
    return site


def door_of(organisation: Organisation) -> Door:
    """Return the door questions of the site leave through, an open one first; made where there is none.

    Who opens a site may be an administrator of the fund, who does not see an insurer's doors.
    """
    with enter(Scope.system("the door of a site")):
        doors = Door.objects.filter(organisation=organisation, kind=Kind.SITE).order_by("-is_active", "pk")
        found = doors.first()
        if found is None:
            made = {"kind": Kind.SITE, "title": "Сайт"}
            found, _ = Door.objects.get_or_create(organisation=organisation, slug=DOOR, defaults=made)
        return found


def _take_default(site: Site, by: Employee | None) -> None:
    former = Site.objects.filter(territory=site.territory_id, is_default=True).exclude(pk=site.pk)
    for one in former.select_related("organisation"):
        check_manages(by, one.organisation)
    former.update(is_default=False)


def _save(site: Site) -> None:
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError as fault:
        if "slug" in str(fault):
            raise SlugTaken from fault
        raise
