"""Chats of the demonstration: one of the fund and of each insurer, with people who wait for an answer."""

from __future__ import annotations

import secrets
from uuid import uuid4

from opora.access.scope import Scope, enter
from opora.chat.models import Place
from opora.chat.services import say
from opora.chat.services._writing import NewLine
from opora.organisations.models import Organisation

KINDS = (Organisation.Kind.FUND, Organisation.Kind.INSURER)
WAIT = (
    ("Марина", "", ["Здравствуйте. На Госуслугах не вижу полис, что делать?"]),
    ("", "", ["Поликлиника записывает на УЗИ через два месяца.", "Это законно?"]),
    ("Пётр Ильич", "8 900 000-12-34", ["Переехал из другого региона. Как прикрепиться к поликлинике рядом с домом?"]),
)


def ensure_chats(territory: str) -> None:
    """Bring chats and talks that wait. One question when all is there."""
    with enter(Scope.system("chats of the demonstration")):
        if Place.objects.exists():
            return
        owners = Organisation.objects.filter(territory=territory, kind__in=KINDS).current().order_by("kind", "pk")
        for owner in owners.select_related("territory"):
            slug = "fund" if owner.kind == Organisation.Kind.FUND else f"smo-{owner.code}"
            place = Place.objects.create(
                organisation=owner, slug=slug, name=owner.name, is_round_the_clock=True, origins=[]
            )
            for name, phone, lines in WAIT:
                key = secrets.token_urlsafe(32)
                for line in lines:
                    say(place, key, NewLine(uuid4(), line), address=key, name=name, phone=phone)
