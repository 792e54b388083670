"""What comes with a person in one row: policies, clinics, contacts, papers, categories, words given."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from opora.insured.importing import values
from opora.insured.importing.layout import Group
from opora.insured.importing.reference import Reference
from opora.shared import phones

if TYPE_CHECKING:
    from opora.insured.importing.checks import Identity

Report = Callable[..., None]
Rows = dict[str, list[tuple[object, ...]]]
Facts = tuple[int | None, int | None, str | None, bool]

policy_kind = values.code_in(values.POLICY_KINDS)
profile_of = values.code_in(values.PROFILES)
owner_of = values.code_in(values.OWNERS)
state_of = values.code_in(values.STATES)
document_of = values.code_in(values.DOCUMENTS)
category_of = values.code_in(values.CATEGORIES)
channel_of = values.code_in(values.CHANNELS)
purpose_of = values.code_in(values.PURPOSES)
yes_or_no = values.code_in(values.YES)
PHONE_KINDS = {phones.Kind.MOBILE: "mobile", phones.Kind.LANDLINE: "landline", phones.Kind.SERVICE: "service"}
LONGEST_CONTACT = 500


class Cells:
    """The cells of one group of one row, and how to complain about them."""

    __slots__ = ("_cells", "_order", "_places", "_report", "_today", "identity")

    def __init__(self, group: Group, cells: list[str], report: Report, today: str, order: str) -> None:
        self._places = group.places
        self._cells = cells
        self._report = report
        self._today = today
        self._order = order
        self.identity: Identity

    def text(self, name: str) -> str:
        place = self._places.get(name)
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def report(self, code: str, name: str, **words: object) -> None:
        place = self._places.get(name)
        if place is None:
            place = next(iter(self._places.values()))
        self._report(code, place, self.text(name), **words)

    def day(self, name: str, *, code: str = "date", may_lie_ahead: bool = False) -> str | None:
        """Return the day of a cell, or None for a blank or a wrong one (which is reported)."""
        text = self.text(name)
        if not text:
            return None
        day, why = values.day(text, self._order)
        if not why and day > self._today and not may_lie_ahead:
            why = "Дата в будущем"
        if why:
            self.report(code, name, why=why)
            return None
        return day

    def limited(self, name: str, most: int) -> str:
        text = self.text(name)
        if len(text) > most:
            self.report("too_long", name, most=most)
            return ""
        return text


class GroupChecks:
    """Turns the groups of a row into rows of staging."""

    def __init__(self, reference: Reference, today: str, insurer: int | None, order: str) -> None:
        self._reference = reference
        self._today = today
        self._insurer = insurer
        self._order = order
        self._by_name: dict[str, Callable[[Cells, Rows], None]] = {
            "policy": self._policy, "attachment": self._attachment, "phone": self._phone, "email": self._email,
            "address": self._address, "former": self._former, "document": self._document,
            "category": self._category, "consent": self._consent,
        }  # fmt: skip

    def check(self, groups: list[Group], cells: list[str], person: "Identity", report: Report) -> tuple[Rows, Facts]:
        """Return rows of staging and the fold as of today: insurer, provider, insured since, is there a policy."""
        rows: Rows = {}
        for group in groups:
            if any(place < len(cells) and cells[place] for place in group.places.values()):
                given = Cells(group, cells, report, self._today, self._order)
                given.identity = person
                self._by_name[group.name](given, rows)
        policies = rows.get("policy", ())
        insurer = _current(policies, 3, 4, 5, self._today)
        therapy = [row for row in rows.get("attachment", ()) if row[0] == "therapy"]
        provider = _current(therapy, 1, 5, 6, self._today)
        return rows, (
            insurer[3] if insurer else None,  # type: ignore[return-value]
            provider[1] if provider else None,
            insurer[4] if insurer else None,
            any(policy[2] for policy in policies),
        )

    def _policy(self, given: Cells, rows: Rows) -> None:
        kind = policy_kind(given.text("kind")) if given.text("kind") else "3"
        if not kind:
            given.report("code_error", "kind", known="1, 2, 3, 4")
        number = given.text("number") or (given.identity.enp or "" if kind in ("3", "4") else "")
        if not number and kind not in ("3", "4"):  # the number of these is the ЕНП, the register may know it
            given.report("policy", "number", why="У полиса нет номера")
        series = given.text("series")
        if len(number) > 20 or len(series) > 10:
            given.report("policy", "number", why="Номер полиса длиннее 20 знаков или серия длиннее 10")
        insurer = self._insurer
        if code := given.text("insurer"):
            insurer = self._reference.insurers.get(code)
            if insurer is None:
                given.report("insurer", "insurer")
        elif insurer is None:
            given.report("policy", "insurer", why="Не указана страховая полиса")
        since = given.day("since")
        if not since and not given.text("since"):
            given.report("policy", "since", why="У полиса нет даты начала")
        until = given.day("until", may_lie_ahead=True)
        if since and until and until < since:
            given.report("period", "until")
        found = rows.setdefault("policy", [])
        if not any(row[0] == kind and row[2] == number and row[4] == since for row in found):
            found.append((kind, series, number, insurer, since, until))

    def _attachment(self, given: Cells, rows: Rows) -> None:
        profile = profile_of(given.text("profile")) if given.text("profile") else "therapy"
        if not profile:
            given.report("code", "profile", known="therapy, dental, women")
            return
        if not given.text("clinic"):
            if given.text("since") or given.text("area"):
                given.report("group", "clinic", why="У прикрепления нет кода клиники")
            return
        provider = self._reference.clinics.get(given.text("clinic"))
        if provider is None:
            given.report("clinic", "clinic")
            return
        site = None
        if code := given.text("site"):
            site = self._reference.sites.get((provider, code))
            if site is None:
                given.report("site", "site")
        doctor = self._doctor(given)
        since = given.day("since")
        if not since:
            if not given.text("since"):
                given.report("attachment", "since", why="У прикрепления нет даты начала")
            return
        until = given.day("until", may_lie_ahead=True)
        if until and until < since:
            given.report("period", "until")
        found = rows.setdefault("attachment", [])
        same = [row for row in found if row[0] == profile]
        if any(row[5] == since for row in same) or (until is None and any(row[6] is None for row in same)):
            given.report("attachment", "since", why="Два прикрепления одного профиля на одни и те же дни")
        found.append((profile, provider, site, given.limited("area", 50), doctor, since, until))

    def _doctor(self, given: Cells) -> str:
        text = given.text("doctor_snils")
        if not text:
            return ""
        doctor, why, holds = values.number_of_account(text)
        if why or not holds:
            given.report("group", "doctor_snils", why=why or "Контрольное число СНИЛС врача не сходится")
            return ""
        return doctor

    def _phone(self, given: Cells, rows: Rows) -> None:
        text = given.text("number")
        if not text:
            return
        if len(text) > phones.LONGEST:
            given.report("too_long", "number", most=phones.LONGEST)
            return
        phone = phones.parse(text)
        if phone is None:
            given.report("phone", "number", why="нужны код и номер, всего 10 цифр после 8 или +7")
        normalised = phone.number[1:] if phone else ""
        owner = owner_of(given.text("owner")) if given.text("owner") else None
        if owner == "":
            given.report("code", "owner", known="self, relative, representative, unknown")
        self._contact(given, rows, "phone", text, normalised, PHONE_KINDS.get(phone.kind, "") if phone else "", owner)

    def _email(self, given: Cells, rows: Rows) -> None:
        text = given.text("address")
        if not text:
            return
        if not values.is_email(text):
            given.report("email", "address")
            return
        self._contact(given, rows, "email", text, text.lower(), "", None)

    def _address(self, given: Cells, rows: Rows) -> None:
        if text := given.limited("text", LONGEST_CONTACT):
            self._contact(given, rows, "address", text, "", "", None)

    def _contact(
        self, given: Cells, rows: Rows, kind: str, text: str, normalised: str, phone_kind: str, owner: str | None
    ) -> None:
        state: str | None = None
        if written := given.text("state"):
            state = state_of(written) or None
            if state is None:
                given.report("code", "state", known="unconfirmed, confirmed, wrong, dead")
        confirmed_on = given.day("confirmed_on", code="group_date")
        if confirmed_on and state is None:
            state = "confirmed"
        if state == "confirmed" and not confirmed_on:
            confirmed_on = self._today
        if state != "confirmed":
            confirmed_on = None
        found = rows.setdefault("contact", [])
        if any(row[0] == kind and (row[1] == text or (normalised and row[2] == normalised)) for row in found):
            return
        found.append((kind, text, normalised, phone_kind, owner or None, state, confirmed_on))

    def _former(self, given: Cells, rows: Rows) -> None:
        parts = []
        for name in ("surname", "given_name", "patronymic"):
            clean, code, why = values.name(given.text(name)) if given.text(name) else ("", "", "")
            if code:
                given.report("group", name, why=why)
                return
            parts.append(clean)
        if not parts[0] and not parts[1]:
            return
        person = given.identity
        # A former surname alone means that the rest of the name was the same.
        parts[0] = parts[0] or person.surname or ""
        parts[1] = parts[1] or person.given_name or ""
        parts[2] = parts[2] or person.patronymic or ""
        if parts == [person.surname or "", person.given_name or "", person.patronymic or ""]:
            return
        found = rows.setdefault("former", [])
        if not any(list(row[:3]) == parts for row in found):
            found.append((*parts, given.day("until", code="group_date")))

    def _document(self, given: Cells, rows: Rows) -> None:
        number = given.limited("number", 30)
        if not number:
            return
        kind = document_of(given.text("kind")) if given.text("kind") else "14"
        if not kind:
            given.report("code", "kind", known="коды F011")
            return
        series = given.limited("series", 20)
        if kind == "14":
            series, number = phones.digits(series), phones.digits(number)
            if len(series) != 4 or len(number) != 6:
                given.report("group", "number", why="У паспорта 4 цифры серии и 6 цифр номера")
                return
        issued_on = given.day("issued_on", code="group_date")
        found = rows.setdefault("document", [])
        if not any(row[:3] == (kind, series, number) for row in found):
            found.append((kind, series, number, issued_on, given.limited("issuer", 500)))

    def _category(self, given: Cells, rows: Rows) -> None:
        text = given.text("code")
        if not text:
            return
        code = category_of(text)
        if not code:
            given.report("code", "code", known="см. docs/formats/insured.md")
            return
        since, until = given.day("since", code="group_date"), given.day("until", code="group_date", may_lie_ahead=True)
        if since and until and until < since:
            given.report("period", "until")
        found = rows.setdefault("category", [])
        if not any(row[0] == code for row in found):
            found.append((code, since, until))

    def _consent(self, given: Cells, rows: Rows) -> None:
        channel, purpose = channel_of(given.text("channel")), purpose_of(given.text("purpose") or "informing")
        granted = yes_or_no(given.text("granted"))
        for name, value in (("channel", channel), ("purpose", purpose), ("granted", granted)):
            if not value:
                given.report("group", name, why="В согласии нужны канал, цель и «да» или «нет»")
                return
        decided_on = given.day("decided_on", code="group_date")
        if decided_on is None:
            if not given.text("decided_on"):
                given.report("group", "decided_on", why="У согласия нет даты")
            return
        until = given.day("until", code="group_date", may_lie_ahead=True)
        if until and until < decided_on:
            given.report("period", "until")
        found = rows.setdefault("consent", [])
        if not any(row[:4] == (channel, purpose, granted, decided_on) for row in found):
            found.append((channel, purpose, granted, decided_on, until))


def _current(
    rows: Iterable[tuple[object, ...]], value: int, since: int, until: int, today: str
) -> tuple[object, ...] | None:
    """Return the row in force today that began last; rows that were reported wrong are as good as any here."""
    best: tuple[object, ...] | None = None
    for row in rows:
        began, ended = str(row[since] or ""), row[until]
        in_force = row[value] and began and began <= today and (ended is None or str(ended) >= today)
        if in_force and (best is None or began >= str(best[since])):
            best = row
    return best
