"""Closed lists of public informing. Source: form ПГ since 2020, table 13 (domain handbook 21 §3.3)."""

from django.db.models import TextChoices


class PublicKind(TextChoices):
    """Где сообщили. A talk about check-ups or healthy living stands in a row of its own besides."""

    PRESS = "press", "СМИ: газета, журнал, агентство"
    TV = "tv", "Телевидение"
    RADIO = "radio", "Радио"
    TALK = "talk", "Выступление в коллективе"
    STAND = "stand", "Стенд, плакат, буклет"
    INTERNET = "internet", "Интернет: сайт, соцсети"


class PublicSubject(TextChoices):
    """О чём."""

    PREVENTIVE = "preventive", "Профилактические мероприятия"
    HEALTHY = "healthy", "Здоровый образ жизни"
    OTHER = "other", "Другое"


class PublicEventKind(TextChoices):
    """What may happen to a row."""

    TOLD = "told", "Записано"
    CORRECTED = "corrected", "Исправлено"
    WITHDRAWN = "withdrawn", "Запись снята"
