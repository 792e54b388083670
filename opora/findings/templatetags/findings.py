"""``{% load findings %}``: small pictures of weeks. Each stands beside the numbers it draws."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from opora.shared.typography import counted

register = template.Library()
HEIGHT, STEP, WIDTH = 24, 6, 4


@register.simple_tag
def weeks(
    numbers: Sequence[int], overs: Sequence[int] | None = None, highest: int = 0, last: bool = False
) -> SafeString:
    """Draw a bar for each week from zero up; ``overs`` is the dark part, ``last`` marks the last week.

    Its words say the same to who does not see it.
    """
    top = max(highest, *numbers, 1)
    bars = []
    for place, number in enumerate(numbers):
        is_last = last and place == len(numbers) - 1
        bars.append((place * STEP, *_bar(number, top), "now" if is_last else "all"))
        if overs:
            bars.append((place * STEP, *_bar(overs[place], top), "over"))
    drawn = format_html_join(
        "", '<rect x="{}" y="{}" height="{}" width="4" class="{}"/>', [bar for bar in bars if bar[2]]
    )
    length = len(numbers) * STEP - (STEP - WIDTH)
    told = f"{counted(len(numbers), 'неделя', 'недели', 'недель')}: {', '.join(map(str, numbers))}"
    told += f"; дольше предела: {', '.join(map(str, overs))}" if overs else ""
    return format_html(
        '<svg class="weeks" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">'
        '<line x1="0" x2="{}" y1="{}" y2="{}"/>{}</svg>',
        told, length, HEIGHT + 1, length, HEIGHT + 1, length, HEIGHT + 0.5, HEIGHT + 0.5, drawn,
    )  # fmt: skip


@register.filter
def one_decimal(value: float) -> str:
    """``{{ alarm.expected|one_decimal }}`` — «0,4»; from ten on whole numbers."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".replace(".", ",")


@register.filter
def chance(value: float) -> str:
    """``{{ alarm.chance|chance }}`` — «1 из 250 000», never more exact than it is known."""
    if value <= 0 or value < 1e-9:
        return "реже 1 из миллиарда"
    many = round(1 / value)
    digits = max(0, len(str(many)) - 2)
    return f"1 из {many // 10**digits * 10**digits:,}".replace(",", "\u202f")


def _bar(number: int, top: int) -> tuple[float, float]:
    height = round(HEIGHT * number / top, 1)
    return round(HEIGHT - height, 1), height
