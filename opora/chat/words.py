"""The closed lists of this room."""

from django.db.models import TextChoices


class State(TextChoices):
    """Где стоит разговор."""

    WAITING = "waiting", "Ждёт"
    TAKEN = "taken", "Идёт"
    CLOSED = "closed", "Закончен"


class Author(TextChoices):
    """Кто пишет."""

    CITIZEN = "citizen", "Гражданин"
    EMPLOYEE = "employee", "Сотрудник"
    PROGRAM = "program", "Программа"


class Kind(TextChoices):
    """Что за строка. Заметку видят только сотрудники."""

    SAID = "said", "Реплика"
    EVENT = "event", "Событие"
    NOTE = "note", "Заметка"


class Level(TextChoices):
    """В чьей очереди разговор."""

    FIRST = "1", "Первый уровень"
    SECOND = "2", "Второй уровень"


class Ending(TextChoices):
    """Чем закончился разговор."""

    CONSULTED = "consulted", "Дали консультацию"
    CALLBACK = "callback", "Обещали перезвонить"
    INTAKE = "intake", "Зарегистрировали обращение"
    NOTHING = "nothing", "Обращения нет"
    SILENT = "silent", "Гражданин молчит"
