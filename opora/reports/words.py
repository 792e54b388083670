"""Closed lists of the room."""

from django.db.models import TextChoices


class Performer(TextChoices):
    """Who did the work: the two column groups of the state forms."""

    FUND = "fund", "ТФОМС"
    INSURER = "insurer", "СМО"


class Settled(TextChoices):
    """Where a justified complaint came to its end."""

    PRETRIAL = "pretrial", "До суда"
    COURT = "court", "В суде"


class RecourseStep(TextChoices):
    """What of a suit of recourse a fact tells."""

    FILED = "filed", "Предъявлен"
    PAID = "paid", "Взыскано"


class Span(TextChoices):
    """The days a column counts, from the period that was asked for."""

    PERIOD = "period", "За период"
    YEAR = "year", "С начала года"
    BEFORE = "before", "За тот же период прошлого года"
    YEAR_BEFORE = "year_before", "С начала прошлого года по тот же день"


class Level(TextChoices):
    """How grave a broken control relation is."""

    ERROR = "error", "Ошибка"
    WARNING = "warning", "Предупреждение"
