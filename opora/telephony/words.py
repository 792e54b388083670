"""Words of the hot line that are kept in rows."""

from django.db.models import TextChoices


class Direction(TextChoices):
    IN = "in", "входящий"
    OUT = "out", "исходящий"


class Now(TextChoices):
    """Where a call stands."""

    WAITING = "waiting", "ждёт"
    RINGING = "ringing", "вызывает"
    TALKING = "talking", "разговор"
    HELD = "held", "на удержании"
    AFTER = "after", "разговор окончен"
    ENDED = "ended", "закончен"


class Result(TextChoices):
    """What came of a call that has ended."""

    ANSWERED = "answered", "ответили"
    ABANDONED = "abandoned", "не дождался"
    SECRETARY = "secretary", "секретарь"
    NO_ANSWER = "no_answer", "не ответил"
    UNKNOWN = "unknown", "конец неизвестен"


class AgentState(TextChoices):
    READY = "ready", "на линии"
    TALK = "talk", "разговор"
    WRAP = "wrap", "дописывает"
    BREAK = "break", "перерыв"
    AWAY = "away", "не на линии"


class Break(TextChoices):
    """Why calls are not taken for a while."""

    REST = "rest", "отдых"
    MEAL = "meal", "обед"
    STUDY = "study", "учёба"
    PAPERS = "papers", "работа с документами"
    OTHER = "other", "другое"
    PHONE = "phone", "телефон не на связи"

    @classmethod
    def chosen(cls) -> list[tuple[str, str]]:
        """What an employee may say herself."""
        return [(value, label) for value, label in cls.choices if value != cls.PHONE]


class Why(TextChoices):
    """Why somebody is to be called back."""

    MISSED = "missed", "не дождался ответа"
    SECRETARY = "secretary", "оставил сообщение"
    ASKED = "asked", "попросил перезвонить"


class TaskState(TextChoices):
    OPEN = "open", "ждёт звонка"
    DONE = "done", "перезвонили"
    CAME = "came", "дозвонился сам"
    GIVEN_UP = "given_up", "не дозвонились"


class Act(TextChoices):
    """What the exchange is asked to do."""

    HOLD = "hold", "поставить на удержание"
    RESUME = "resume", "вернуться к разговору"
    TRANSFER = "transfer", "перевести"
    JOIN = "join", "соединить"
    BACK = "back", "вернуться к гражданину"
    HANGUP = "hangup", "положить трубку"
    KEEP = "keep", "вернуть разговор телефону"
    DIAL = "dial", "позвонить"
    STATE = "state", "сменить состояние"


class Answer(TextChoices):
    """What came of a command."""

    WAITING = "waiting", "ждёт"
    TAKEN = "taken", "выполняется"
    DONE = "done", "выполнена"
    REFUSED = "refused", "отказ"
    EXPIRED = "expired", "не успела"
    LOST = "lost", "ответа нет"


class Tape(TextChoices):
    """Whose voice a file holds."""

    TALK = "talk", "запись разговора"
    VOICE = "voice", "голосовое сообщение"


class Kept(TextChoices):
    """What of calls is kept for a term."""

    TALK = "talk", "запись разговора"
    VOICE = "voice", "голосовое сообщение"
    PHONE = "phone", "номер звонившего"


class TapeState(TextChoices):
    WAITING = "waiting", "запись ещё не получена"
    KEPT = "kept", "запись получена"
    LOST = "lost", "запись не получена"
    ERASED = "erased", "запись стёрта по сроку"


class When(TextChoices):
    """When calls of a line go to a neighbour."""

    CLOSED = "closed", "вне часов работы"
    WAITS = "waits", "ждёт дольше"
    NOBODY = "nobody", "нет свободного оператора"


ASKED = "попросил перезвонить, не ожидая в очереди"
STEPS = {
    "arrived": "поступил",
    "queued": "встал в очередь",
    "ringing": "звонит оператору",
    "answered": "оператор ответил",
    "held": "на удержании",
    "resumed": "разговор продолжен",
    "transferred": "переведён",
    "left": "аппарат положил трубку",
    "abandoned": "положил трубку, не дождавшись",
    "ended": "закончен",
    "secretary": "оставил голосовое сообщение",
    "recorded": "записан",
    "rated": "оценил разговор",
}
