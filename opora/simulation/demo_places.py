"""What makes the organisations of the demonstration real: a branch, an authority, sites, hours, hot lines, posts."""

from collections.abc import Iterable
from datetime import date, time

from opora.organisations.models import Department, HotLine, Organisation, Post, Site, WorkingHours
from opora.simulation.directory import Directory
from opora.simulation.people import words

Hours = dict[int, list[tuple[int, int]]]  # weekday → intervals in minutes from midnight

WEEK = range(1, 6)
SATURDAY = 6


def _clock(text: str) -> tuple[int, int]:
    first, last = (part.split(":") for part in text.split("–"))
    return int(first[0]) * 60 + int(first[1]), int(last[0]) * 60 + int(last[1])


def _hours(weekdays: str, saturday: str = "", *, evening: str = "") -> Hours:
    """Hours of a week; ``evening`` replaces the intervals of Tuesday and Thursday."""
    usual = [_clock(part) for part in weekdays.split()]
    late = [_clock(part) for part in evening.split()] or usual
    week = {day: late if day in {2, 4} else usual for day in WEEK}
    return week | ({SATURDAY: [_clock(saturday)]} if saturday else {})


FUND = _hours("09:00–12:30 13:15–18:00")
INSURER = _hours("09:00–18:00", "10:00–15:00", evening="09:00–20:00")
BRANCH = _hours("09:00–13:00 14:00–18:00", "10:00–14:00")
CLINIC = _hours("07:30–20:00", "09:00–15:00")
CHILDREN = _hours("08:00–19:00", "09:00–13:00")
POST = _hours("09:00–15:00", evening="12:00–19:00")

STREETS = ("Красный проспект", "ул. Гоголя", "ул. Станиславского", "ул. Титова", "ул. Бориса Богаткова", "ул. Выборная",
           "ул. Советская", "ул. Кропоткина")  # fmt: skip
DEPARTMENTS = {
    Organisation.Kind.FUND: ("Контакт-центр", "Отдел защиты прав застрахованных"),
    Organisation.Kind.INSURER: ("Контакт-центр", "Отдел защиты прав застрахованных", "Отдел экспертизы"),
    Organisation.Kind.BRANCH: ("Контакт-центр", "Отдел защиты прав застрахованных"),
    Organisation.Kind.PROVIDER: ("Регистратура",),
    Organisation.Kind.AUTHORITY: ("Отдел по работе с обращениями граждан",),
}


def furnish(territory: words.Territory, directory: Directory) -> list[Organisation]:
    """Furnish the territory and return its organisations: the fund, insurers, their branch, clinics, the authority."""
    home = Organisation.objects.filter(territory=directory.territory)
    fund = home.get(kind=Organisation.Kind.FUND)
    insurers = [home.get(pk=pk) for pk in directory.insurers]
    clinics = [home.get(pk=pk) for pk in directory.clinics]
    branch = _branch(territory, insurers[0])
    authority = _authority(territory, directory)
    everyone = [fund, *insurers, branch, *clinics, authority]
    for organisation in everyone:
        for name in DEPARTMENTS[Organisation.Kind(organisation.kind)]:
            Department.objects.get_or_create(organisation=organisation, name=name)
    _hot_lines(fund, insurers, branch)
    for organisation, hours in [(fund, FUND), (branch, BRANCH), *((insurer, INSURER) for insurer in insurers)]:
        _open(hours, organisation=organisation)
    sites = [site for number, clinic in enumerate(clinics) for site in _sites(number, clinic, territory)]
    _posts(insurers, sites)
    return everyone


def _branch(territory: words.Territory, insurer: Organisation) -> Organisation:
    town = territory.towns[1]
    return Organisation.objects.get_or_create(
        kind=Organisation.Kind.BRANCH,
        code=f"{territory.enp_region}911",
        defaults={
            "name": f"{insurer.name.partition(' (')[0]}, филиал ({town})",
            "territory": insurer.territory,
            "parent": insurer,
            "address": f"г. {town}, ул. Ленина, д. 12",
        },
    )[0]


def _authority(territory: words.Territory, directory: Directory) -> Organisation:
    return Organisation.objects.get_or_create(
        kind=Organisation.Kind.AUTHORITY,
        code=f"{territory.enp_region}990",
        defaults={
            "name": f"Министерство здравоохранения: {territory.name}",
            "territory_id": directory.territory,
            "address": f"г. {territory.towns[0]}, Красный проспект, д. 18",
        },
    )[0]


def _hot_lines(fund: Organisation, insurers: Iterable[Organisation], branch: Organisation) -> None:
    """Numbers 8-800-000-00-…: nobody answers there."""
    lines = [(fund, "Контакт-центр фонда", True), (branch, "Филиал", False)]
    lines += [(insurer, "Горячая линия страховой", True) for insurer in insurers]
    for number, (organisation, title, always) in enumerate(lines, start=1):
        HotLine.objects.get_or_create(
            organisation=organisation,
            phone=f"+7800000{number:04d}",
            defaults={"title": title, "is_round_the_clock": always},
        )


def _sites(number: int, clinic: Organisation, territory: words.Territory) -> list[Site]:
    """The main building, and a second one where the clinic is large; open in the evening and on Saturday."""
    names = ["Главный корпус", "Филиал на левом берегу"] if number < 3 else ["Главный корпус"]
    sites = []
    for part, name in enumerate(names):
        street = STREETS[(number + 3 * part) % len(STREETS)]
        site, _ = Site.objects.get_or_create(
            organisation=clinic,
            name=name,
            defaults={
                "code": f"{number + 1:02d}{part + 1}",
                "address": f"г. {territory.towns[0]}, {street}, д. {11 + number * 7 + part}",
                "phone": f"+7{territory.area_code}000{number + 1:02d}{part:02d}",
            },
        )
        _open(CHILDREN if clinic.name.startswith("Детская") else CLINIC, site=site)
        sites.append(site)
    return sites


def _posts(insurers: list[Organisation], sites: list[Site]) -> None:
    for number, site in enumerate(sites[:6]):
        insurer = insurers[number % len(insurers)]
        post, _ = Post.objects.get_or_create(
            organisation=insurer,
            site=site,
            defaults={
                "room": str(101 + number),
                "phone": f"+7800000{100 + number:04d}",
                "since": date(2024, 2, 1),
            },
        )
        _open(POST, post=post)


def _open(hours: Hours, **owner: Organisation | Site | Post) -> None:
    if WorkingHours.objects.filter(**owner).exists():
        return
    WorkingHours.objects.bulk_create(
        WorkingHours(weekday=day, opens_at=_time(first), closes_at=_time(last), **owner)
        for day, intervals in hours.items()
        for first, last in intervals
    )


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
