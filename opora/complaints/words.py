"""Closed lists of the room; what the law names and may change — violations, grounds, kinds of check — is in packs."""

from django.db.models import TextChoices

# The base of a fine is the norm per head of the territorial programme, so it is never zero.
NO_BASE = "За нарушение {code} штрафуют: укажите базу штрафа."
BASE_OF_ZERO = "За нарушение {code} штрафуют: база штрафа больше нуля."


class CaseStage(TextChoices):
    """What a case waits for. Never set by hand: ``rules.stage`` folds it from what has been done."""

    OPENED = "opened", "Решить, нужна ли экспертиза"
    RECORDS = "records", "Ждём документы клиники"
    CONTROL = "control", "Идёт экспертиза"
    WITH_CLINIC = "with_clinic", "Акт у клиники"
    CLAIM = "claim", "Претензия у фонда"
    VERDICT = "verdict", "Решить по причинам"
    RESTORING = "restoring", "Восстановить право"
    READY = "ready", "Можно завершить"
    CLOSED = "closed", "Завершено"


class Speaks(TextChoices):
    """Who complains, and so what lets us look into the medical documents."""

    PATIENT = "patient", "Сам пациент"
    PARENT = "parent", "Родитель или опекун"
    PROXY = "proxy", "Представитель по доверенности"
    OTHER = "other", "Другой человек"


class Consent(TextChoices):
    """Whether we may ask for the documents of the patient."""

    AWAITED = "awaited", "Ждём согласие"
    GIVEN = "given", "Согласие есть"
    NOT_NEEDED = "not_needed", "Согласие не требуется"


class Decision(TextChoices):
    """Нужна ли экспертиза."""

    NEEDED = "needed", "Экспертиза нужна"
    NOT_NEEDED = "not_needed", "Экспертиза не требуется"


class ControlKind(TextChoices):
    """Kind of control. Source: domain handbook 05 §2."""

    MEE = "mee", "МЭЭ"
    EKMP = "ekmp", "ЭКМП"


class Conditions(TextChoices):
    """Where care was given: the base of a fine depends on it."""

    OUTPATIENT = "outpatient", "Поликлиника"
    HOSPITAL = "hospital", "Стационар"
    DAY_HOSPITAL = "day_hospital", "Дневной стационар"
    AMBULANCE = "ambulance", "Скорая помощь"


class RequestState(TextChoices):
    """The way of a request for documents."""

    ASKED = "asked", "Ждём ответ"
    ANSWERED = "answered", "Клиника ответила"
    RETURNED = "returned", "Ответ возвращён: не всё прислали"
    ACCEPTED = "accepted", "Документы приняты"
    WITHDRAWN = "withdrawn", "Запрос отозван"


class ReminderKind(TextChoices):
    """When a clinic is reminded of a request."""

    BEFORE = "before", "Скоро срок"
    LATE = "late", "Срок прошёл"


class ReminderWay(TextChoices):
    """How a clinic is reminded: by e-mail where there is an address and somebody to carry it, else on its pages."""

    MAIL = "mail", "Письмом"
    INBOX = "inbox", "В программе"


class ControlState(TextChoices):
    """The way of a control."""

    ASSIGNED = "assigned", "У эксперта"
    ACT = "act", "Акт составлен"
    HANDED = "handed", "Акт у клиники"
    SIGNED = "signed", "Клиника согласна"
    DISPUTED = "disputed", "Есть разногласия"
    FINAL = "final", "Завершена"
    CANCELLED = "cancelled", "Отменена"


class LiftedBy(TextChoices):
    """Who took a violation back, in the words beside it."""

    INSURER = "insurer", "снято по разногласиям"
    FUND = "fund", "снято фондом"


class ClaimDecision(TextChoices):
    """What the fund found of a clinic's claim."""

    JUSTIFIED = "justified", "Обоснована"
    PARTLY = "partly", "Обоснована частично"
    UNJUSTIFIED = "unjustified", "Не обоснована"


class Restored(TextChoices):
    """How a right was restored."""

    APPOINTMENT = "appointment", "Записали на приём"
    HOSPITALISATION = "hospitalisation", "Госпитализировали"
    DRUG = "drug", "Обеспечили лекарством"
    MONEY = "money", "Вернули деньги"
    RECORDS = "records", "Исправили сведения об услугах"
    OTHER = "other", "Другое"
    IMPOSSIBLE = "impossible", "Восстановить нельзя"


class Track(TextChoices):
    """Where a right is defended."""

    PRETRIAL = "pretrial", "До суда"
    COURT = "court", "В суде"


class DisputeOutcome(TextChoices):
    """How a dispute ended."""

    SATISFIED = "satisfied", "Удовлетворено"
    PARTLY = "partly", "Удовлетворено частично"
    REFUSED = "refused", "Отказано"
    SETTLED = "settled", "Мировое соглашение"


class Filer(TextChoices):
    """Who went to court for a right (form ПГ, tables 2 and 3)."""

    INSURED = "insured", "Застрахованный"
    REPRESENTATIVE = "representative", "Его представитель"
    INSURER = "insurer", "Страховая"
    FUND = "fund", "ТФОМС"
    PROSECUTOR = "prosecutor", "Прокуратура"


class Payer(TextChoices):
    """Who paid what was awarded (form ПГ, table 2)."""

    PROVIDER = "provider", "Клиника"
    INSURER = "insurer", "Страховая"
    FUND = "fund", "ТФОМС"


class Found(TextChoices):
    """What the check says of a service the person did not get."""

    ABSENT = "absent", "Услуги не было"
    GIVEN = "given", "Услуга была"
    UNKNOWN = "unknown", "Установить не удалось"


class CaseEventKind(TextChoices):
    """What may happen to a case."""

    OPENED = "opened", "Дело открыто"
    TAKEN = "taken", "Дело взято"
    STANDING = "standing", "Проверено право обращаться"
    DECIDED = "decided", "Решено о проверке"
    DOUBTED = "doubted", "Названа услуга, которой не было"
    REQUESTED = "requested", "Запрошены документы"
    ANSWERED = "answered", "Клиника ответила на запрос"
    ACCEPTED = "accepted", "Документы приняты"
    RETURNED = "returned", "Ответ клиники возвращён"
    WITHDRAWN = "withdrawn", "Запрос отозван"
    ASSIGNED = "assigned", "Проверка поручена эксперту"
    CANCELLED = "cancelled", "Проверка отменена"
    ACT = "act", "Составлен акт"
    HANDED = "handed", "Акт передан клинике"
    SIGNED = "signed", "Клиника подписала акт"
    DISPUTED = "disputed", "Протокол разногласий"
    FINAL = "final", "Проверка завершена"
    CLAIMED = "claimed", "Подана претензия"
    CLAIM_DECIDED = "claim_decided", "Решение по претензии"
    VERDICT = "verdict", "Решение по причине"
    RESTORED = "restored", "Право восстановлено"
    DISPUTE = "dispute", "Досудебная защита или суд"
    NOTED = "noted", "Заметка"
    CLOSED = "closed", "Дело завершено"
    HANDED_ON = "handed_on", "Дело перешло вместе с обращением"
    NO_COMPLAINT = "no_complaint", "Обращение больше не жалоба"
    REMINDED = "reminded", "Клинике напомнили"
    REOPENED = "reopened", "Дело возобновлено"


class RecourseOutcome(TextChoices):
    """How a suit of recourse ended."""

    SATISFIED = "satisfied", "Удовлетворён"
    PARTLY = "partly", "Удовлетворён частично"
    SETTLED = "settled", "Мировое соглашение или оплата до решения"
    REFUSED = "refused", "Отказано"
    ENDED = "ended", "Производство прекращено"


class RecourseEventKind(TextChoices):
    """What may happen to a suit of recourse."""

    FILED = "filed", "Иск записан"
    CORRECTED = "corrected", "Исправлено"
    DECIDED = "decided", "Записан исход"
    PAID = "paid", "Записано взыскание"
    UNPAID = "unpaid", "Взыскание снято"
    WITHDRAWN = "withdrawn", "Запись снята"
