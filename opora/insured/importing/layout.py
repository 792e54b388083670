"""The columns of our format, the headings partners use for them, and where each stands in a given file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

PERSON = (
    "record", "enp", "snils", "surname", "given_name", "patronymic", "birth_on", "sex", "died_on", "territory",
    "language", "time_zone",
)  # fmt: skip
GROUPS: dict[str, tuple[str, ...]] = {
    "policy": ("kind", "series", "number", "insurer", "since", "until"),
    "attachment": ("profile", "clinic", "site", "area", "doctor_snils", "since", "until"),
    "phone": ("number", "owner", "state", "confirmed_on"),
    "email": ("address", "state", "confirmed_on"),
    "address": ("text",),
    "former": ("surname", "given_name", "patronymic", "until"),
    "document": ("kind", "series", "number", "issued_on", "issuer"),
    "category": ("code", "since", "until"),
    "consent": ("channel", "purpose", "granted", "decided_on", "until"),
}
MOST_REPEATS = 20

# Headings met in files of insurers and funds; compared without case, ё, blanks and signs.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "record": ("ключ записи", "номер записи", "n_zap", "idpac"),
    "enp": ("енп", "полис енп", "единый номер полиса"),
    "snils": ("снилс", "ss"),
    "surname": ("фамилия", "fam"),
    "given_name": ("имя", "im"),
    "patronymic": ("отчество", "ot"),
    "birth_on": ("дата рождения", "др", "dr"),
    "sex": ("пол", "w"),
    "died_on": ("дата смерти", "ds"),
    "territory": ("территория", "код территории", "окато", "tf_okato"),
    "language": ("язык",),
    "time_zone": ("часовой пояс",),
    "policy_kind": ("вид полиса", "тип полиса", "vpolis"),
    "policy_series": ("серия полиса", "spolis"),
    "policy_number": ("номер полиса", "npolis"),
    "policy_insurer": ("страховая", "код смо", "смо", "smo"),
    "policy_since": ("полис с", "дата начала полиса", "полис действует с", "dbeg"),
    "policy_until": ("полис по", "дата окончания полиса", "полис действует по", "dend"),
    "attachment_profile": ("профиль прикрепления",),
    "attachment_clinic": ("клиника", "код мо", "мо прикрепления", "mcod", "mo"),
    "attachment_site": ("площадка", "код подразделения"),
    "attachment_area": ("участок", "номер участка"),
    "attachment_doctor_snils": ("снилс врача", "ss_doctor"),
    "attachment_since": ("прикреплен с", "дата прикрепления", "datmo"),
    "attachment_until": ("прикреплен по", "дата открепления"),
    "phone_number": ("телефон", "номер телефона", "phone", "tel"),
    "phone_owner": ("чей телефон",),
    "phone_state": ("состояние телефона",),
    "phone_confirmed_on": ("телефон подтвержден",),
    "email_address": ("почта", "электронная почта", "email", "e-mail"),
    "email_state": ("состояние почты",),
    "email_confirmed_on": ("почта подтверждена",),
    "address_text": ("адрес", "адрес проживания", "address"),
    "former_surname": ("прежняя фамилия", "fam_p"),
    "former_given_name": ("прежнее имя",),
    "former_patronymic": ("прежнее отчество",),
    "former_until": ("прежнее имя до",),
    "document_kind": ("вид документа", "тип документа", "doctype"),
    "document_series": ("серия документа", "docser"),
    "document_number": ("номер документа", "docnum"),
    "document_issued_on": ("дата выдачи документа", "документ выдан", "docdate"),
    "document_issuer": ("кем выдан документ", "кем выдан", "docorg"),
    "category_code": ("категория", "льготная категория"),
    "category_since": ("категория с",),
    "category_until": ("категория по",),
    "consent_channel": ("согласие канал",),
    "consent_purpose": ("согласие цель",),
    "consent_granted": ("согласие дано",),
    "consent_decided_on": ("согласие дата",),
    "consent_until": ("согласие по",),
}
COLUMNS: tuple[str, ...] = (*PERSON, *(f"{group}_{name}" for group, names in GROUPS.items() for name in names))
NUMBERED = re.compile(r"(.*?)[ _]*(\d{1,2})")


def heading_key(text: str) -> str:
    """Return the form in which headings are compared.

    >>> heading_key(" Дата рожденИЯ* "), heading_key("E-mail"), heading_key("Прикреплён_с")
    ('датарождения', 'email', 'прикрепленс')
    """
    return re.sub(r"[\W_]+", "", text.casefold().replace("ё", "е"))


_BY_HEADING = {heading_key(column): column for column in COLUMNS} | {
    heading_key(heading): column for column, headings in SYNONYMS.items() for heading in headings
}


@dataclass(frozen=True, slots=True)
class Group:
    """One repetition of a group in the header: field → number of the cell."""

    name: str
    number: int
    places: dict[str, int]


@dataclass(slots=True)
class Layout:
    """Which cell holds what: ``person`` field → number of the cell, groups in the order of their repetitions."""

    person: dict[str, int] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Columns without which no row can be taken."""
        wanted = [name for name in ("surname", "given_name") if name not in self.person]
        lacking = wanted if len(wanted) == 2 else []
        return lacking + [name for name in ("birth_on", "sex") if name not in self.person]


def column_of(heading: str) -> tuple[str, int] | None:
    """Return our column and the number of its repetition, or None for a heading we do not know.

    >>> column_of("Дата рождения"), column_of("Телефон 2"), column_of("policy_since_3"), column_of("Рост")
    (('birth_on', 1), ('phone_number', 2), ('policy_since', 3), None)
    """
    if column := _BY_HEADING.get(heading_key(heading)):
        return column, 1
    found = NUMBERED.fullmatch(heading.strip())
    if found is None:
        return None
    column, number = _BY_HEADING.get(heading_key(found[1])), int(found[2])
    if column is None or column in PERSON or not 1 <= number <= MOST_REPEATS:
        return None
    return column, number


def lay_out(headings: Sequence[str], columns: dict[str, str], ignore: Sequence[str] = ()) -> Layout:
    """Return the layout of a header; ``columns`` is the partner's own mapping, heading → our column."""
    layout = Layout(headings=list(headings))
    own = {heading_key(theirs): ours for theirs, ours in columns.items()}
    ignored = {heading_key(name) for name in ignore}
    groups: dict[tuple[str, int], dict[str, int]] = {}
    for place, heading in enumerate(headings):
        key = heading_key(heading)
        if not key or key in ignored:
            continue
        found = column_of(own.get(key, heading))
        if found is None:
            layout.unknown.append(heading)
            continue
        column, number = found
        if column in PERSON:
            layout.person.setdefault(column, place)
            continue
        group, _, name = column.partition("_")
        groups.setdefault((group, number), {}).setdefault(name, place)
    order = list(GROUPS)
    for (group, number), places in sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        layout.groups.append(Group(group, number, places))
    return layout
