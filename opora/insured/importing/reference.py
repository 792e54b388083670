"""What a file may refer to: territories, insurers, clinics and their sites, by code."""

import zoneinfo
from dataclasses import dataclass

from opora.organisations.models import Organisation, Site, Territory


@dataclass(frozen=True, slots=True)
class Reference:
    """Codes known to the database. A branch stands for its head insurer."""

    territories: frozenset[str]
    insurers: dict[str, int]
    clinics: dict[str, int]
    sites: dict[tuple[int, str], int]
    time_zones: frozenset[str]


def read_reference() -> Reference:
    """Return the reference as of now; four queries."""
    kind = Organisation.Kind
    insurers: dict[str, int] = {}
    clinics: dict[str, int] = {}
    for pk, what, code, parent in Organisation.objects.values_list("pk", "kind", "code", "parent_id"):
        if what == kind.INSURER:
            insurers[code] = pk
        elif what == kind.BRANCH and parent:
            insurers.setdefault(code, parent)
        elif what == kind.PROVIDER:
            clinics[code] = pk
    sites = {
        (owner, code): pk
        for pk, owner, code in Site.objects.exclude(code="").values_list("pk", "organisation_id", "code")
    }
    return Reference(
        territories=frozenset(Territory.objects.values_list("code", flat=True)),
        insurers=insurers,
        clinics=clinics,
        sites=sites,
        time_zones=frozenset(zoneinfo.available_timezones()),
    )
