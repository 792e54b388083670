"""Letters by mail in the demonstration: a mail server on this machine, a list of people with addresses, a campaign."""

from __future__ import annotations

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.channels.models import Provider
from opora.informing.incoming import Batch, IncomingEntry
from opora.informing.loading import load
from opora.informing.models import Campaign
from opora.informing.services import create, launch
from opora.informing.words import Measure
from opora.insured.models import Person
from opora.organisations.models import Organisation
from opora.simulation.demo_informing import LISTED, named

HOST, SENDER, RETURNS = "127.0.0.1", "Страховая <info@strahovaya.example>", "returns@strahovaya.example"
LOGIN, PASSWORD = "returns", "opora"
TITLE = "Диспансеризация: письма на почту"
MOST = 60


def ensure_mail(territory: str, port: int, returns: int) -> None:
    """Point the mail provider of the first insurer at this start's server; bring a list and a campaign once."""
    with enter(Scope.system("mail of the demonstration")):
        insurer = Organisation.objects.insurers().filter(territory=territory).order_by("code").first()
        if insurer is None:
            return
        ensure_provider(insurer, port, returns)
        if not Campaign.objects.filter(insurer=insurer, title=TITLE).exists():
            _campaign(insurer)


def ensure_provider(organisation: Organisation, port: int, returns: int) -> Provider:
    """Return the provider of letters of an organisation, pointed at the house of mail of this start."""
    provider, _ = Provider.objects.get_or_create(
        organisation=organisation,
        slug="mail",
        defaults={"title": "Почта для проверок", "kind": "smtp", "channel": "email", "sender": SENDER},
    )
    provider.settings = {
        "host": HOST,
        "port": port,
        "security": "none",
        "bounce_address": RETURNS,
        "imap_host": HOST,
        "imap_port": returns,
        "imap_tls": False,
        "imap_login": LOGIN,
        "poll_seconds": 5,
    }
    provider.keep_secrets({"imap_password": PASSWORD})
    provider.save()
    return provider


def _campaign(insurer: Organisation) -> None:
    """People beyond those of the SMS campaign: nobody is written to twice in a week."""
    year = timezone.localdate().year
    grown = Person.objects.filter(insurer=insurer, died_on=None, birth_on__year__lt=year - 40).exclude(provider=None)
    others = grown.exclude(pk__in=Person.objects.filter(insurer=insurer).order_by("pk").values("pk")[: 2 * LISTED])
    people = list(others.filter(contacts__kind="email").distinct().order_by("pk")[:MOST])
    if not people:
        return
    entries = [
        IncomingEntry(place=place, key=str(place), who=named(one), measure=Measure.SCREENING, year=year)
        for place, one in enumerate(people, start=1)
    ]
    load(Batch(entries, year=year), organisation=insurer, format="opora-informing-csv", name="dispanserizaciya.csv")
    made = create(
        insurer=insurer,
        title=TITLE,
        measure=Measure.SCREENING,
        year=year,
        ladder=[{"channel": "email"}],
        limits={"weekends": True},
        by=None,
    )
    launch(made.pk, by=None)
