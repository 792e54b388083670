"""Filters of Russian typography: ``{% load ru %}``. Each passes None and empty text through as a dash or nothing."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from opora.shared import phones, typography

register = template.Library()
DASH = "—"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """«14.03.1985»; a moment gives its local day."""
    if value is None or value == "":
        return DASH
    return typography.day(_local(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """«14.03.2026 15:20», local."""
    return typography.moment(_local(value)) if value else DASH


@register.filter
def near(value: date | datetime | None) -> str:
    """«вчера», «через 2 ч», «5 мин назад»; far ones as a date."""
    if not value:
        return DASH
    if isinstance(value, datetime):
        return typography.near(_local(value), timezone.localtime())
    return typography.near_day(value, timezone.localdate())


@register.filter
def duration(value: timedelta | None) -> str:
    """«2 дня 3 часа»."""
    return DASH if value is None else typography.duration(value)


@register.filter
def clock(value: timedelta | None) -> str:
    """«00:42»."""
    return DASH if value is None else typography.clock(value)


@register.filter
def thousands(value: float | Decimal | None) -> str:
    """«2 641 342»."""
    return DASH if value is None or value == "" else typography.thousands(value)


@register.filter
def money(value: float | Decimal | None) -> str:
    """``{{ sum|money }}`` — 1 234,50 with a narrow space; «—» for None."""
    if value is None:
        return "—"
    whole, _, kopecks = f"{Decimal(value):.2f}".partition(".")
    return f"{thousands(Decimal(whole))},{kopecks}"


@register.filter
def about(value: int | None) -> str:
    """«около 2,6 млн»."""
    return DASH if value is None else typography.about(value)


@register.filter
def plural(number: int, forms: str) -> str:
    """``{{ n|plural:"запись,записи,записей" }}`` — «5 записей»."""
    one, few, many = forms.split(",")
    return typography.counted(int(number), one, few, many)


@register.filter
def phone(value: str | None) -> str:
    """«+7 900 000-00-00»."""
    return phones.show(value).replace(" ", typography.NBSP) if value else DASH


@register.filter
def masked(value: str | None) -> str:
    """«•••• 1236»."""
    return typography.masked(str(value)) if value else DASH


@register.filter
def initials(value: object) -> str:
    """«Иванов П. С.» of a full name, or of anything that has ``full_name``."""
    return typography.initials(str(getattr(value, "full_name", value) or ""))


@register.filter
def filesize_ru(value: int) -> str:
    """«5,4 МБ»."""
    return typography.size(int(value))


@register.filter
def dash(value: object) -> object:
    """A long dash where there is nothing to show."""
    return DASH if value is None or value == "" else value


@register.filter
def yes_no(value: bool | None) -> str:
    return {True: "да", False: "нет"}.get(value, DASH) if value is not None else DASH


@register.filter
def quoted(value: str) -> SafeString | str:
    """«in Russian quotes»; quotes inside become „…“."""
    text = typography.quoted(str(value))
    return text if not isinstance(value, SafeString) else mark_safe(text)  # noqa: S308


@register.filter
def stopped(text: str) -> str:
    """«one sentence.» — with one full stop at its end, whether it came with one or not."""
    plain = str(text).rstrip()
    return plain if not plain or plain[-1] in ".!?…" else f"{plain}."
