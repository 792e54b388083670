"""What the fields of a text say to whom: values of clinics and campaigns, read once, and of people, by batches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opora.informing.words import Measure
from opora.insured.models import Person
from opora.organisations.hours import week_text
from opora.organisations.models import HotLine, Organisation, Site
from opora.organisations.services.hours import week_of

if TYPE_CHECKING:
    from opora.informing.models import Campaign

INVITED_TO = {
    Measure.CHECKUP: "профилактический осмотр",
    Measure.SCREENING: "диспансеризацию",
    Measure.SCREENING_2: "второй этап диспансеризации",
    Measure.EXTENDED: "углублённую диспансеризацию",
    Measure.FERTILITY: "проверку репродуктивного здоровья",
    Measure.OBSERVATION: "приём к врачу",
    Measure.HOSPITAL: "плановую госпитализацию",
}


@dataclass(frozen=True, slots=True)
class Values:
    """Values of the fields that do not depend on the person; ``clinics`` by id of the organisation."""

    campaign: dict[str, str]
    clinics: dict[int, dict[str, str]]

    def of(self, provider: int | None) -> dict[str, str]:
        return {**self.campaign, **self.clinics.get(provider or 0, {})}


def values(campaign: Campaign) -> Values:
    """Return the fixed values of a campaign. Five queries, whatever the number of people."""
    phones = dict(
        HotLine.objects.filter(organisation=campaign.insurer).order_by("-pk").values_list("organisation_id", "phone")
    )
    own = {
        "страховая": campaign.insurer.name,
        "телефон": phones.get(campaign.insurer_id, ""),
        "год": str(campaign.year),
        "повод": INVITED_TO[Measure(campaign.measure)],
    }
    return Values(own, _clinics(campaign.territory))


def people(ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the values of people by id. One query."""
    found = Person.objects.filter(pk__in=list(ids)).values_list("pk", "given_name", "patronymic", "surname")
    return {
        pk: {"имя": given or surname, "имя_отчество": " ".join(part for part in (given, patronymic) if part) or surname}
        for pk, given, patronymic, surname in found
    }


def _clinics(territory: str) -> dict[int, dict[str, str]]:
    """The main building of a clinic — the first one — speaks for it: its address, desk and hours."""
    clinics = Organisation.objects.providers().filter(territory=territory)
    names = dict(clinics.values_list("pk", "name"))
    sites: dict[int, Site] = {}
    for site in Site.objects.filter(organisation__in=names).prefetch_related("working_hours").order_by("-pk"):
        sites[site.organisation_id] = site
    lines = dict(HotLine.objects.filter(organisation__in=names).order_by("-pk").values_list("organisation_id", "phone"))
    found = {}
    for pk, name in names.items():
        main = sites.get(pk)
        found[pk] = {
            "клиника": name,
            "адрес_клиники": main.address if main else "",
            "телефон_клиники": (main.phone if main else "") or lines.get(pk, ""),
            "часы_клиники": week_text(week_of(main)) if main else "",
        }
    return found
