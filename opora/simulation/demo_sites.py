"""Sites of the demonstration: the fund's, which opens at /site/, and one of each insurer, with every ready answer."""

from __future__ import annotations

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.knowledge import queries as knowledge
from opora.organisations.models import Organisation
from opora.portal.models import Site
from opora.portal.services import change_site, open_site
from opora.portal.words import Colour

KINDS = (Organisation.Kind.FUND, Organisation.Kind.INSURER)
SYSTEM = Scope.system("sites of the demonstration")


def ensure_sites(territory: str) -> None:
    """Bring a published site of the fund and of each insurer of a territory. One question when all is there."""
    with enter(SYSTEM):
        if Site.objects.exists():
            return
        cards = [one.card for one in knowledge.ready_cards(territory, timezone.localdate(), 1)]
        owners = Organisation.objects.filter(territory=territory, kind__in=KINDS).current().order_by("kind", "pk")
        for owner, colour in zip(owners, Colour.values, strict=False):
            is_fund = owner.kind == Organisation.Kind.FUND
            site = open_site(owner, slug="fund" if is_fund else f"smo-{owner.code}", name=owner.name, by=None)
            shown = {"colour": colour, "is_published": True, "is_default": is_fund}
            change_site(site.pk, version=site.version, changes=shown, cards=cards, by=None)
