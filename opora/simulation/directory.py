"""The organisations invented people need: a fund, insurers and clinics in every territory, shared by all scenarios."""

from dataclasses import dataclass

from opora.organisations.models import Organisation, Territory
from opora.simulation.people import words

INSURERS = ("Северный щит", "Медсоюз", "Добрый полис", "Здоровый край", "Вектор-Мед", "Лада-Полис")
CLINICS = ("Поликлиника № {number}", "Центральная районная больница", "Медсанчасть завода", "Клиника «Рассвет»")
NAMED = 8  # further clinics of a territory have numbers for names
CHILDREN = "Детская поликлиника № {number}"


@dataclass(frozen=True)
class Directory:
    """Identifiers of a territory's organisations, in the order the people generator numbers them."""

    territory: str
    insurers: tuple[int, ...]
    clinics: tuple[int, ...]


def ensure_directory(territory: words.Territory, *, insurers: int, clinics: int) -> Directory:
    """Return the organisations of a territory; those that are missing are made, those that are there stay as they are.

    The last clinic is the children's one. Codes are invented: two digits of the region, then 9…, which no registry of
    this size reaches.
    """
    home, _ = Territory.objects.get_or_create(
        code=territory.okato, defaults={"name": territory.name, "time_zone": territory.time_zone}
    )
    town = territory.towns[0]
    region = territory.enp_region

    def organisation(kind: str, code: str, name: str) -> int:
        fields = {"name": name, "territory": home, "address": f"г. {town}, ул. Ленина, д. {int(code) % 97 + 1}"}
        return Organisation.objects.get_or_create(kind=kind, code=code, defaults=fields)[0].pk

    organisation(Organisation.Kind.FUND, f"{region}900", f"ТФОМС: {territory.name}")
    return Directory(
        territory=home.pk,
        insurers=tuple(
            organisation(Organisation.Kind.INSURER, f"{region}{901 + number}", _insurer(number, town))
            for number in range(insurers)
        ),
        clinics=tuple(
            organisation(Organisation.Kind.PROVIDER, f"{region}{9001 + number}", _clinic(number, clinics, town))
            for number in range(clinics)
        ),
    )


def _insurer(number: int, town: str) -> str:
    return f"СМО «{INSURERS[number % len(INSURERS)]}» ({town})"


def _clinic(number: int, count: int, town: str) -> str:
    is_plain = number < 4 or number >= NAMED
    name = CHILDREN if number == count - 1 else CLINICS[0] if is_plain else CLINICS[1 + number % 3]
    return f"{name.format(number=number + 1)} ({town})"
