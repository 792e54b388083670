"""A row of a file becomes rows of staging, or findings that say why not. No database here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from opora.insured.importing import values
from opora.insured.importing.findings import REASONS, Finding, Severity, finding
from opora.insured.importing.groups import GroupChecks
from opora.insured.importing.layout import Layout
from opora.insured.importing.profile import Profile
from opora.insured.importing.reference import Reference
from opora.shared.tables import Row

Staged = dict[str, list[tuple[object, ...]]]
sex_of = values.code_in(values.SEXES)


@dataclass(slots=True)
class Options:
    """What decides in doubt: the day of the import, the wrong ЕНП, the owner of the file."""

    today: date
    denies_enp: bool
    insurer: int | None  # the insurer whose file it is; None for the fund


@dataclass(slots=True)
class Verdict:
    """What one row came to."""

    line: int
    staged: Staged = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self.findings)


class Checker:
    """Checks rows of one layout. ``check`` is called a million times: it does no work twice."""

    def __init__(self, layout: Layout, reference: Reference, options: Options, profile: Profile) -> None:
        self.layout = layout
        self._reference = reference
        self._options = options
        self._profile = profile
        self._today = options.today.isoformat()
        self._groups = GroupChecks(reference, self._today, options.insurer, profile.dates)
        self._person = layout.person
        self._own_codes = {
            place: {theirs.casefold(): ours for theirs, ours in profile.values[column].items()}
            for column, place in self._all_places()
            if column in profile.values
        }
        self._defaults = [
            (place, profile.defaults[column]) for column, place in self._all_places() if column in profile.defaults
        ]

    def check(self, row: Row) -> Verdict:
        verdict = Verdict(row.line)
        if row.fault:
            verdict.findings.append(finding("row", line=row.line, why=row.fault))
            return verdict
        cells = self._clean(row.cells, verdict)
        if verdict.findings:
            return verdict
        record = self._cell(cells, "record")[:64]

        def report(code: str, place: str | int, value: str = "", **words: object) -> None:
            heading = self._heading(place)
            verdict.findings.append(finding(code, line=row.line, record=record, field=heading, value=value, **words))

        person = self._check_person(cells, record, report)
        groups, facts = self._groups.check(self.layout.groups, cells, person, report)
        if verdict.is_rejected:
            return verdict
        line = row.line
        verdict.staged = {name: [(line, *rest) for rest in rows] for name, rows in groups.items() if rows}
        verdict.staged["person"] = [(line, record, *person.columns(), *facts)]
        return verdict

    def _all_places(self) -> list[tuple[str, int]]:
        places = list(self.layout.person.items())
        for group in self.layout.groups:
            places += [(f"{group.name}_{name}", place) for name, place in group.places.items()]
        return places

    def _heading(self, place: str | int) -> str:
        if isinstance(place, str):
            at = self._person.get(place)
            return place if at is None else self.layout.headings[at]
        return self.layout.headings[place]

    def _clean(self, cells: list[str], verdict: Verdict) -> list[str]:
        cells = [cell.strip() for cell in cells]
        if not "".join(cells).isprintable():
            cells = [self._printable(cell, place, verdict) for place, cell in enumerate(cells)]
        for place, codes in self._own_codes.items():
            if place < len(cells):
                cells[place] = codes.get(cells[place].casefold(), cells[place])
        for place, value in self._defaults:
            if place < len(cells) and not cells[place]:
                cells[place] = value
        return cells

    def _printable(self, cell: str, place: int, verdict: Verdict) -> str:
        cell = " ".join(cell.split()) if any(sign in cell for sign in "\t\r\n\u00a0\u2028\u2029\u202f") else cell
        for sign in cell:
            if sign < " " or "\x7f" <= sign < "\xa0" or "\ud800" <= sign <= "\udfff":
                verdict.findings.append(
                    finding("control_sign", line=verdict.line, field=self._heading(place), sign=f"{ord(sign):04X}")
                )
                break
        return cell

    def _cell(self, cells: list[str], name: str) -> str:
        place = self._person.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    def _check_person(self, cells: list[str], record: str, report: Callable[..., None]) -> "Identity":
        person = Identity()
        for name in ("surname", "given_name", "patronymic"):
            if text := self._cell(cells, name):
                clean, code, why = values.name(text)
                if code:
                    report(code, name, text, why=why)
                setattr(person, name, clean)
        if not person.surname and not person.given_name:
            report("no_name", "surname")
        self._check_days(cells, person, report)
        sex = self._cell(cells, "sex")
        person.sex = sex_of(sex)
        if not person.sex:
            report("sex" if sex else "required", "sex", sex)
        elif person.patronymic and values.sex_of_patronymic(person.patronymic) not in (0, int(person.sex)):
            report("sex_patronymic", "patronymic", person.patronymic)
        self._check_numbers(cells, person, report)
        self._check_places(cells, person, report)
        return person

    def _check_days(self, cells: list[str], person: "Identity", report: Callable[..., None]) -> None:
        for name in ("birth_on", "died_on"):
            text = self._cell(cells, name)
            if not text:
                if name == "birth_on":
                    report("required", name)
                continue
            day, why = values.day(text, self._profile.dates)
            if why:
                report("date", name, text, why=why)
            elif day > self._today:
                report("future", name, text)
            setattr(person, name, day or None)
        if person.died_on and person.birth_on and person.died_on < person.birth_on:
            report("death", "died_on", self._cell(cells, "died_on"))

    def _check_numbers(self, cells: list[str], person: "Identity", report: Callable[..., None]) -> None:
        if text := self._cell(cells, "enp"):
            digits, why, holds = values.number_of_policy(text)
            if why:
                report("enp", "enp", text, why=why)
            elif not holds:
                report("enp_control" if self._options.denies_enp else "enp_control_warning", "enp", text)
            person.enp, person.enp_is_confirmed = digits or None, holds
        if text := self._cell(cells, "snils"):
            digits, why, holds = values.number_of_account(text)
            if why:
                report("snils", "snils", text, why=why)
            elif not holds:
                report("snils_control", "snils", text)
            else:
                person.snils = digits

    def _check_places(self, cells: list[str], person: "Identity", report: Callable[..., None]) -> None:
        if text := self._cell(cells, "territory"):
            if text in self._reference.territories:
                person.territory = text
            else:
                report("territory", "territory", text)
        if text := self._cell(cells, "time_zone"):
            if text in self._reference.time_zones:
                person.time_zone = text
            else:
                report("time_zone", "time_zone", text)
        if text := self._cell(cells, "language"):
            if len(text) <= 8:
                person.language = text.lower()
            else:
                report("too_long", "language", text, most=8)


@dataclass(slots=True)
class Identity:
    """The person of a row; None means «the file says nothing»."""

    enp: str | None = None
    enp_is_confirmed: bool = True
    snils: str | None = None
    surname: str | None = None
    given_name: str | None = None
    patronymic: str | None = None
    birth_on: str | None = None
    sex: str = ""
    died_on: str | None = None
    territory: str | None = None
    language: str | None = None
    time_zone: str | None = None

    def columns(self) -> tuple[object, ...]:
        return (
            self.enp, self.enp_is_confirmed, self.snils, self.surname, self.given_name, self.patronymic, self.birth_on,
            self.sex, self.died_on, self.territory, self.language, self.time_zone,
        )  # fmt: skip


def is_warning(code: str) -> bool:
    return REASONS[code][0] is Severity.WARNING
