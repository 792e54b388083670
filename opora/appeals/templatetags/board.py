"""Moments of a board by the clock of its organisation."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template

from opora.appeals.board.figures import Board

register = template.Library()


@register.filter
def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment by the clock of the place, without a zone: a template would turn it back."""
    return moment.astimezone(zone).replace(tzinfo=None)


@register.filter
def epoch(moment: datetime) -> int:
    """Return milliseconds, as a browser counts."""
    return int(moment.timestamp() * 1000)


@register.filter
def since(moment: datetime, board: Board) -> str:
    """Say since when: «с 10:42», «со вчера», «с 14.03»."""
    there, now = moment.astimezone(board.zone), board.now.astimezone(board.zone)
    if there.date() >= now.date():
        return f"с\N{NO-BREAK SPACE}{there:%H:%M}"
    if there.date() == now.date() - timedelta(days=1):
        return f"со вчера, {there:%H:%M}"
    return f"с\N{NO-BREAK SPACE}{there:%d.%m}" + ("" if there.year == now.year else f".{there:%Y}")
