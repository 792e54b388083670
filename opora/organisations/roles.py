"""The roles a new installation begins with. Rights are edited on the page afterwards; ``migrate`` leaves them.

Source: domain handbook 02 §1–3 (levels and limits), 10 §3 (rights by kind of organisation).
"""

from dataclasses import dataclass

from opora.access.rights import Right
from opora.audit.purposes import Purpose

BASIC = [Right.WORKPLACE_VIEW, Right.ORGANISATIONS_VIEW, Right.DEADLINES_VIEW, Right.CLASSIFIERS_VIEW]
READS = [*BASIC, Right.INSURED_SEARCH, Right.INSURED_VIEW, Right.APPEALS_VIEW, Right.KNOWLEDGE_VIEW]
ANSWERS = [*READS, Right.INSURED_EDIT, Right.APPEALS_HANDLE, Right.APPEALS_CLOSE]
WORKS = [*ANSWERS, Right.APPEALS_REGISTER]
OVERSEES = [
    Right.INSURED_HISTORY,
    Right.INSURED_MATCH,
    Right.EMPLOYEES_VIEW,
    Right.ROLES_VIEW,
    Right.APPEALS_APPROVE,
    Right.APPEALS_REOPEN,
    Right.APPEALS_REASSIGN,
    Right.APPEALS_SUPERVISE,
    Right.APPEALS_EXPORT,
    Right.QUALITY_SCORE,
    Right.KNOWLEDGE_EDIT,
    Right.KNOWLEDGE_APPROVE,
    Right.EXCHANGE_VIEW,
    Right.EXCHANGE_IMPORT,
    Right.EXCHANGE_EXPORT,
    Right.CHANNELS_VIEW,
]
INFORMS = [Right.INFORMING_VIEW, Right.INFORMING_CALL]
PLANS = [
    *INFORMS,
    Right.INFORMING_LISTS,
    Right.INFORMING_PLAN,
    Right.INFORMING_LAUNCH,
    Right.INFORMING_PUBLIC,
]
CONTROLS = [Right.COMPLAINTS_VIEW, Right.COMPLAINTS_HANDLE]
FINDS = [Right.FINDINGS_VIEW, Right.FINDINGS_DECIDE]
ASKS = [Right.SURVEYS_VIEW, Right.SURVEYS_INTERVIEW]
BRINGS = [Right.POLICIES_VIEW, Right.POLICIES_REQUEST]
LISTENS = [Right.DOORS_VIEW, Right.DOORS_ANSWER, Right.TELEPHONY_TAKE, Right.CHAT_ANSWER]
READS_FEEDBACK = [Right.FEEDBACK_VIEW, Right.FEEDBACK_WORK]
KEEPS_MAIL = [Right.MAILROOM_VIEW, Right.MAILROOM_WORK]
RUNS_LINES = [Right.TELEPHONY_VIEW, Right.TELEPHONY_LISTEN, Right.STAFFING_VIEW, Right.STAFFING_PLAN]
COUNTS = [Right.REPORTS_VIEW, Right.REPORTS_EXPORT]
ANSWERS_FOR_FIGURES = [*COUNTS, Right.REPORTS_SEAL, Right.REPORTS_PUBLISH]
LEADS = [
    *WORKS,
    *OVERSEES,
    *PLANS,
    *CONTROLS,
    Right.COMPLAINTS_EXPERTS,
    Right.COMPLAINTS_CLAIMS,
    Right.COMPLAINTS_RECOURSE,
    *FINDS,
    *ASKS,
    Right.SURVEYS_PLAN,
    *BRINGS,
    Right.POLICIES_PLAN,
    *LISTENS,
    Right.DOORS_FLOOD,
    *RUNS_LINES,
    *READS_FEEDBACK,
    Right.FEEDBACK_APPROVE,
    *KEEPS_MAIL,
    *ANSWERS_FOR_FIGURES,
]


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
    DefaultRole("op1", "Оператор 1-го уровня", "ОП1", _FUND, [*WORKS, *LISTENS, *BRINGS], Purpose.APPEAL, 1),
    DefaultRole(
        "op2",
        "Оператор 2-го уровня",
        "ОП2",
        _FUND,
        [
            *WORKS,
            *LISTENS,
            *READS_FEEDBACK,
            *KEEPS_MAIL,
            *CONTROLS,
            Right.COMPLAINTS_CLAIMS,
            *FINDS,
            *BRINGS,
            Right.KNOWLEDGE_EDIT,
        ],
        Purpose.APPEAL,
        2,
    ),
    DefaultRole(
        "sp1",
        "Страховой представитель 1-го уровня",
        "СП1",
        _INSURER,
        [*WORKS, *LISTENS, *INFORMS, *ASKS, *BRINGS],
        Purpose.APPEAL,
        1,
    ),
    DefaultRole(
        "sp2",
        "Страховой представитель 2-го уровня",
        "СП2",
        _INSURER,
        [
            *WORKS,
            *LISTENS,
            *READS_FEEDBACK,
            *KEEPS_MAIL,
            *INFORMS,
            Right.INFORMING_LISTS,
            Right.INFORMING_PUBLIC,
            *ASKS,
            *BRINGS,
        ],
        Purpose.INFORMING,
        2,
    ),
    DefaultRole(
        "sp3",
        "Страховой представитель 3-го уровня",
        "СП3",
        _INSURER,
        [
            *WORKS,
            *LISTENS,
            *READS_FEEDBACK,
            *KEEPS_MAIL,
            *INFORMS,
            Right.INFORMING_PUBLIC,
            *CONTROLS,
            Right.COMPLAINTS_EXPERTS,
            Right.COMPLAINTS_RECOURSE,
            *FINDS,
            Right.INFORMING_HEALTH,
            Right.INSURED_HISTORY,
            Right.APPEALS_REOPEN,
            Right.KNOWLEDGE_EDIT,
        ],
        Purpose.CONTROL,
        3,
    ),
    DefaultRole("supervisor", "Руководитель контакт-центра", "Рук. КЦ", (*_FUND, *_INSURER), LEADS, Purpose.QUALITY),
    DefaultRole(
        "analyst",
        "Аналитик",
        "Аналитик",
        (*_FUND, *_INSURER),
        [
            *READS,
            Right.INFORMING_VIEW,
            Right.COMPLAINTS_VIEW,
            Right.FINDINGS_VIEW,
            Right.SURVEYS_VIEW,
            Right.POLICIES_VIEW,
            Right.APPEALS_SUPERVISE,
            Right.APPEALS_EXPORT,
            Right.EXCHANGE_VIEW,
            Right.TELEPHONY_VIEW,
            Right.STAFFING_VIEW,
            *ANSWERS_FOR_FIGURES,
        ],
    ),
    DefaultRole(
        "clinic_clerk",
        "Сотрудник клиники",
        "Клиника",
        ("provider",),
        [*READS, Right.INFORMING_VIEW, Right.COMPLAINTS_ANSWER, Right.APPEALS_HANDLE],
        Purpose.APPEAL,
    ),
    DefaultRole(
        "courier",
        "Курьер",
        "Курьер",
        ("insurer", "branch"),
        [Right.WORKPLACE_VIEW, Right.POLICIES_DELIVER],
        Purpose.REGISTER,
    ),
    DefaultRole(
        "administrator",
        "Администратор",
        "Админ.",
        ("fund", "insurer", "branch", "provider", "authority"),
        [
            *LEADS,
            Right.APPEALS_RULES,
            Right.APPEALS_VERIFY,
            Right.CLASSIFIERS_EDIT,
            Right.INSURED_IMPORT,
            Right.INSURED_EXPORT,
            Right.ORGANISATIONS_EDIT,
            Right.EMPLOYEES_EDIT,
            Right.ROLES_EDIT,
            Right.CHANNELS_EDIT,
            Right.DOORS_EDIT,
            Right.CHAT_EDIT,
            Right.TELEPHONY_EDIT,
            Right.PORTAL_EDIT,
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
            Right.INFORMING_VIEW,
            Right.COMPLAINTS_VIEW,
            Right.FINDINGS_VIEW,
            Right.SURVEYS_VIEW,
            Right.POLICIES_VIEW,
            Right.EMPLOYEES_VIEW,
            Right.ROLES_VIEW,
            Right.INSURED_HISTORY,
            Right.APPEALS_SUPERVISE,
            Right.APPEALS_VERIFY,
            Right.EXCHANGE_VIEW,
            Right.AUDIT_VIEW,
        ],
    ),
]
