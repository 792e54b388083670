"""Refusals of the room. The docstring is the sentence."""

from opora.shared.errors import DomainError


class ChatError(DomainError, status=409):
    """С разговором так поступить нельзя."""


class NoSuchTalk(ChatError, status=404):
    """Такого разговора нет."""


class NoKey(ChatError, status=403):
    """Разговор открывается только из чата."""


class WrongOrigin(ChatError, status=403):
    """С этого сайта чат не открывается."""


class ChatShut(ChatError, status=503):
    """Чат сейчас не работает. Позвоните нам: телефон на странице организации."""


class TalkClosed(ChatError):
    """Разговор закончен. Начните новый."""


class TooFast(ChatError, status=429):
    """Слишком много сообщений подряд. Подождите минуту: написанное сохранено."""


class TooManyTalks(ChatError, status=429):
    """С вашего адреса уже открыто много разговоров. Подождите десять минут или позвоните нам."""


class TalkTooLong(ChatError, status=429):
    """Разговор стал слишком длинным. Попросите специалиста закончить его и начните новый."""


class TooManyFiles(ChatError, status=429):
    """В этом разговоре уже много файлов. Остальные пришлите письмом."""


class WordsNeeded(ChatError, status=422):
    """Напишите сообщение."""


class LineTooLong(ChatError, status=422):
    """Сообщение слишком длинное: не больше 4 000 знаков. Разделите его на части."""


class NobodyWaits(ChatError):
    """В очереди никого нет."""


class TakenByColleague(ChatError):
    """Этот разговор уже взял другой сотрудник."""


class NotYours(ChatError):
    """Этот разговор ведёт другой сотрудник."""


class NoSuchColleague(ChatError, status=422):
    """Этот сотрудник не отвечает в чате вашей организации. Выберите другого."""


class NotEndedSo(ChatError, status=422):
    """Так разговор не закончить."""


class SlugTaken(ChatError):
    """Такой адрес уже занят. Выберите другой."""
