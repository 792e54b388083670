"""Hours on a page: ``{% load hours %}``."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from opora.organisations import hours
from opora.organisations.models import Organisation
from opora.organisations.services.hours import week_of
from opora.shared.templatetags.ui import badge

register = template.Library()


@register.filter
def week(place: Any) -> list[tuple[str, str]]:
    """Lines of a week: ``{% for days, hours in site|week %}``."""
    return hours.week_lines(week_of(place))


@register.filter
def week_text(place: Any) -> str:
    """«пн–пт 8:00–20:00; сб 9:00–14:00»."""
    return hours.week_text(week_of(place))


@register.simple_tag
def open_now(place: Any) -> SafeString | str:
    """«открыто, закроется через 2 ч» on the place's own clock; nothing when its hours are not known.

    A clinic without hours of its own is as open as its sites.
    """
    organisation = place if isinstance(place, Organisation) else place.organisation
    if organisation.closed_on and organisation.closed_on <= timezone.localdate():
        return badge("none", f"закрыта с {organisation.closed_on:%d.%m.%Y}")
    now = timezone.now()
    found = hours.state(week_of(place), now, organisation.zone)
    if found is None and place is organisation:
        known = [state for site in place.sites.all() if (state := hours.state(week_of(site), now, organisation.zone))]
        found = hours.together(known)
        if found and found.is_open and len(known) > 1 and not all(state.is_open for state in known):
            return badge("done", f"открыто корпусов: {sum(state.is_open for state in known)} из {len(known)}")
    return badge("done" if found.is_open else "none", found.words) if found else ""


@register.filter
def clock_there(organisation: Organisation) -> str:
    """What the clock shows there: «14:05»."""
    now = timezone.now().astimezone(organisation.zone)
    return format_html('<time datetime="{}">{}</time>', now.isoformat(timespec="minutes"), f"{now:%H:%M}")
