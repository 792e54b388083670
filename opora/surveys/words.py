"""Closed lists of the room."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """What a question asks for."""

    ONE = "one", "один ответ"
    SEVERAL = "several", "несколько ответов"
    SCALE = "scale", "оценка от 1 до 5"
    WORDS = "words", "пять слов об удовлетворённости"
    YES_NO = "yes_no", "да, нет, затрудняюсь"
    NUMBER = "number", "число"
    TEXT = "text", "свободный ответ"


class Role(TextChoices):
    """What an answer says of the one who answers: it puts a paper sheet into its cell."""

    SEX = "sex", "пол"
    AGE = "age", "возраст"
    SETTLEMENT = "settlement", "город или село"


class Mode(TextChoices):
    """How people are asked."""

    PHONE = "phone", "по телефону"
    LINK = "link", "ссылка в СМС"
    PAPER = "paper", "бумажная анкета"
    POST = "post", "планшет на посту"


class RoundState(TextChoices):
    DRAFT = "draft", "готовится"
    RUNNING = "running", "идёт"
    CLOSED = "closed", "завершён"


class Source(TextChoices):
    """Where the people of a sample come from."""

    REGISTER = "register", "все застрахованные"
    CAME = "came", "пришли по кампании информирования"
    MISSED = "missed", "не пришли по кампании информирования"
    NOBODY = "nobody", "без выборки: анкеты и планшет"
    TALKS = "talks", "кто согласился после разговора"


class InviteeState(TextChoices):
    """Where a person stands. ``done`` says that he took part and nothing of what he said."""

    WAITING = "waiting", "ждёт"
    HELD = "held", "разговор"
    SENDING = "sending", "отправляется"
    SENT = "sent", "ссылка отправлена"
    ARRIVED = "arrived", "ссылка доставлена"
    DONE = "done", "опрошен"
    REFUSED = "refused", "отказ"
    SILENT = "silent", "не отвечает"
    WRONG = "wrong", "не тот номер"
    UNSENT = "unsent", "СМС не ушло"
    FAILED = "failed", "СМС не доставлено"
    OVER = "over", "место занято"


class Outcome(TextChoices):
    """How an attempt ended."""

    DONE = "done", "Опрошен"
    NO_ANSWER = "no_answer", "Не отвечает"
    REFUSED = "refused", "Отказался"
    WRONG = "wrong", "Не тот номер"
    LATER = "later", "Перезвонить"
    OVER = "over", "Место занято"
    FAILED = "failed", "СМС не доставлено"


class Settlement(TextChoices):
    URBAN = "urban", "город"
    RURAL = "rural", "село"


class Sex(TextChoices):
    MALE = "male", "мужчины"
    FEMALE = "female", "женщины"
