"""The closed lists of print runs."""

from __future__ import annotations

from django.db.models import TextChoices

from opora.informing.words import Exclude
from opora.insured.models import Contact


class RunState(TextChoices):
    """Состояние тиража."""

    DRAWING = "drawing", "Составляется"
    READY = "ready", "Готов к печати"
    PRINTED = "printed", "Напечатан"
    POSTED = "posted", "Сдан на почту"
    CANCELLED = "cancelled", "Отменён"


# A run that has not left the house: it can be cancelled, and its letters hold their touches.
AT_HOME = (RunState.DRAWING, RunState.READY, RunState.PRINTED)


class ItemState(TextChoices):
    """Состояние письма в тираже."""

    READY = "ready", "В тираже"
    REFUSED = "refused", "Не вошло"
    RELEASED = "released", "Отпущено"
    DROPPED = "dropped", "Вынуто из пачки"
    POSTED = "posted", "Сдано на почту"
    RETURNED = "returned", "Вернулось"


# States in which a letter holds its touch: at most one letter does (``letter_holds_touch_once``).
HOLDS = (ItemState.READY, ItemState.POSTED, ItemState.RETURNED)


class Why(TextChoices):
    """Почему письмо не вошло в тираж. Those of ``Exclude`` end the touch, the others let it wait."""

    DEAD = Exclude.DEAD.value, "Умер"
    NO_POLICY = Exclude.NO_POLICY.value, "Полис не действует"
    OTHER_INSURER = Exclude.OTHER_INSURER.value, "Другая страховая"
    MOVED = Exclude.MOVED.value, "Другая территория"
    OTHER_CLINIC = Exclude.OTHER_CLINIC.value, "Сменил клинику"
    PASSED = Exclude.PASSED.value, "Уже прошёл"
    REFUSED = Exclude.REFUSED.value, "Отказался от осмотра"
    NO_CONSENT = Exclude.NO_CONSENT.value, "Отказался от писем"
    TOO_OFTEN = Exclude.TOO_OFTEN.value, "Недавно уже обращались"
    NO_ADDRESS = "no_address", "Нет адреса, по которому можно писать"
    NO_POSTCODE = "no_postcode", "В адресе нет индекса"
    INCOMPLETE = "incomplete", "Адрес неполный: не видно дома"
    EMPTY_FIELD = Exclude.EMPTY_FIELD.value, "Не хватает данных для текста"


ENDS = frozenset({
    Why.DEAD, Why.NO_POLICY, Why.OTHER_INSURER, Why.MOVED, Why.OTHER_CLINIC, Why.PASSED, Why.REFUSED, Why.NO_CONSENT
})  # fmt: skip
MENDABLE = frozenset({Why.NO_ADDRESS, Why.NO_POSTCODE, Why.INCOMPLETE})


class ReturnedFor(TextChoices):
    """Почему письмо вернулось; the order is that of the keys 1–5."""

    NO_ADDRESSEE = "no_addressee", "нет адресата"
    WRONG_ADDRESS = "wrong_address", "неверный адрес"
    STORED_OUT = "stored_out", "истёк срок хранения"
    REFUSED = "refused", "отказ адресата"
    SAID_DEAD = "said_dead", "умер, по словам"


# What a return says of the address. None of these is used again until somebody confirms it.
MARKS: dict[ReturnedFor, Contact.State] = {
    ReturnedFor.NO_ADDRESSEE: Contact.State.WRONG,
    ReturnedFor.SAID_DEAD: Contact.State.WRONG,
    ReturnedFor.WRONG_ADDRESS: Contact.State.DEAD,
    ReturnedFor.STORED_OUT: Contact.State.DEAD,
    ReturnedFor.REFUSED: Contact.State.DEAD,
}
