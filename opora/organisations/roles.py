"""The roles a new installation begins with. Rights are edited on the page afterwards; ``migrate`` leaves them.

Source: domain handbook 02 §1–3 (levels and limits), 10 §3 (rights by kind of organisation).
"""

from dataclasses import dataclass

from opora.access.rights import Right
from opora.audit.purposes import Purpose

BASIC = [Right.WORKPLACE_VIEW, Right.ORGANISATIONS_VIEW, Right.DEADLINES_VIEW]
READS = [*BASIC, Right.INSURED_SEARCH, Right.INSURED_VIEW]
WORKS = [*READS, Right.INSURED_EDIT]
LEADS = [*WORKS, Right.INSURED_HISTORY, Right.INSURED_MATCH, Right.EMPLOYEES_VIEW, Right.ROLES_VIEW]


@dataclass(frozen=True, slots=True)
class DefaultRole:
    slug: str
    name: str
    short_name: str
    kinds: tuple[str, ...]
    rights: list[Right]
    purpose: str = ""
    level: int | None = None


_FUND = ("fund",)
_INSURER = ("insurer", "branch")

DEFAULT_ROLES = [
    DefaultRole("op1", "Оператор 1-го уровня", "ОП1", _FUND, WORKS, Purpose.APPEAL, 1),
    DefaultRole("op2", "Оператор 2-го уровня", "ОП2", _FUND, WORKS, Purpose.APPEAL, 2),
    DefaultRole("sp1", "Страховой представитель 1-го уровня", "СП1", _INSURER, WORKS, Purpose.APPEAL, 1),
    DefaultRole("sp2", "Страховой представитель 2-го уровня", "СП2", _INSURER, WORKS, Purpose.INFORMING, 2),
    DefaultRole(
        "sp3",
        "Страховой представитель 3-го уровня",
        "СП3",
        _INSURER,
        [*WORKS, Right.INSURED_HISTORY],
        Purpose.CONTROL,
        3,
    ),
    DefaultRole("supervisor", "Руководитель контакт-центра", "Рук. КЦ", (*_FUND, *_INSURER), LEADS, Purpose.QUALITY),
    DefaultRole(
        "analyst",
        "Аналитик",
        "Аналитик",
        (*_FUND, *_INSURER),
        READS,
    ),
    DefaultRole("clinic_clerk", "Сотрудник клиники", "Клиника", ("provider",), READS, Purpose.APPEAL),
    DefaultRole(
        "administrator",
        "Администратор",
        "Админ.",
        ("fund", "insurer", "branch", "provider", "authority"),
        [
            *LEADS,
            Right.INSURED_IMPORT,
            Right.INSURED_EXPORT,
            Right.ORGANISATIONS_EDIT,
            Right.EMPLOYEES_EDIT,
            Right.ROLES_EDIT,
            Right.PARTNERS_EDIT,
            Right.AUDIT_VIEW,
        ],
        Purpose.REGISTER,
    ),
    DefaultRole(
        "auditor",
        "Аудитор",
        "Аудитор",
        (*_FUND, *_INSURER, "authority"),
        [
            *READS,
            Right.EMPLOYEES_VIEW,
            Right.ROLES_VIEW,
            Right.INSURED_HISTORY,
            Right.AUDIT_VIEW,
        ],
    ),
]
