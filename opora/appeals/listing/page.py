"""From a filter to a page of grants: two steps, the keys of the page first, what it shows of them after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from opora.appeals.actor import actor_of
from opora.appeals.listing.filter import Filter, Whose, due_span, span
from opora.appeals.listing.hashes import BY_DAY, Span, asked_by, by_keys, expected, has_letters, joined, merged
from opora.appeals.listing.numbers import named
from opora.appeals.models import Answer, Grant
from opora.appeals.models.grant import GrantQuerySet
from opora.appeals.partitions import months_since
from opora.appeals.words import Depth
from opora.classifiers.words import Kind
from opora.shared.pages import Page, behind, boundary, keyset, token_after
from opora.shared.partitions import quarter_of

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SIZE = 30  # a screen and a half; the next page is asked for before she reaches the end
# An organisation has one grant on an appeal, so either order is total.
BY_DUE = ("due_at", "appeal_id")
# Windows of the walk through the words, in months, the newest first; after the last one everything older at once.
WINDOWS = (1, 4, 16)
# Rows looked at in order before a rare combination is looked for by its hashed signs, and before words are.
PROBED, NEAR = 1_500, 1_000
COMMON = 2_000  # rows of a month the planner expects: so many are rather looked through than looked for
FIRST = datetime(2000, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


def journal(employee: Employee, chosen: Filter, after: str | None = None, *, size: int = SIZE) -> Page[Grant]:
    """Return one page of her list: open ones by the nearest deadline, the rest from the newest on.

    One query for a plain list; a search by words or signs asks one for each window it has to look into.
    """
    if _asks_words(chosen):
        return _by_words(employee, chosen, after, size)
    rows = grants(employee, chosen)
    if chosen.is_open:
        return keyset(rows, order=BY_DUE, after=after, size=size, is_total=True)
    if not _is_rare(chosen):
        return keyset(rows, order=BY_DAY, after=after, size=size, is_total=True)
    return _probed(employee, chosen, after, size)


def walk(employee: Employee, chosen: Filter, *, before: datetime) -> Iterator[QuerySet[Grant]]:
    """Yield the whole selection as it stood at ``before``, for an export: querysets in order, newest first."""
    if not _asks_words(chosen):
        yield grants(employee, chosen).filter(registered_at__lt=before).order_by(*BY_DAY)
        return
    asked = asked_by(chosen, employee.scope)
    for rows, window in _windows(employee, chosen, before):
        first, *more = joined(rows, employee.scope, asked, window)
        keys = first.values("pk").union(*(half.values("pk") for half in more))
        yield Grant.objects.accessible_to(employee).filter(pk__in=keys).order_by(*BY_DAY)


def grants(employee: Employee, chosen: Filter) -> GrantQuerySet:
    """Return the rows of a filter without its words and signs: plain comparisons on the columns of one index."""
    rows = Grant.objects.accessible_to(employee).of_depth(employee.scope, Depth.STAGE)
    if chosen.is_open:
        rows = rows.open()
    elif chosen.is_closed:
        rows = rows.filter(closed_at__isnull=False)
    plain = {
        "kind": chosen.kind,
        "topic_code": chosen.topic,
        "channel": chosen.channel,
        "line": chosen.line,
        "handler_id": chosen.handler,
        "owner_id": chosen.owner,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if chosen.answer:
        rows = rows.of_depth(employee.scope, Depth.TEXT).filter(
            appeal__in=Answer.objects.undelivered().values("appeal")
        )
    rows = _of_due(_of_whom(rows, employee, chosen), employee, chosen)
    return named(_of_days(rows, employee, chosen), employee, chosen)


def _of_whom(rows: GrantQuerySet, employee: Employee, chosen: Filter) -> GrantQuerySet:
    if chosen.whose == Whose.MINE:
        rows = rows.filter(owner_id=employee.pk)
    elif chosen.whose == Whose.QUEUE:
        actor = actor_of(employee)
        rows = rows.filter(handler_id=actor.holder, owner_id=None)
        rows = rows if chosen.line else rows.filter(line=actor.line)
    elif chosen.whose == Whose.NOBODY:
        rows = rows.filter(owner_id=None)
    return rows


def _of_due(rows: GrantQuerySet, employee: Employee, chosen: Filter) -> GrantQuerySet:
    if not chosen.due:
        return rows
    since, until = due_span(chosen.due, employee)
    rows = rows.filter(due_at__gte=since) if since else rows
    return rows.filter(due_at__lt=until) if until else rows


def _of_days(rows: GrantQuerySet, employee: Employee, chosen: Filter) -> GrantQuerySet:
    first, last = span(chosen.since, chosen.until, employee)
    rows = rows.filter(registered_at__gte=first) if first else rows
    return rows.filter(registered_at__lt=last) if last else rows


def _asks_words(chosen: Filter) -> bool:
    return bool(chosen.flags or chosen.form or has_letters(chosen.find))


def _is_rare(chosen: Filter) -> bool:
    """Whether columns meet that no index holds together, one of them hashed; the way of coming has no index at all."""
    hashed = sum(map(bool, (chosen.kind, chosen.topic, chosen.channel)))
    other = sum(map(bool, (chosen.line, chosen.handler, chosen.owner, chosen.whose)))
    return bool(chosen.channel) or (hashed > 0 and hashed + other > 1)


def _followed(chosen: Filter) -> Filter:
    """Return the list with one of its columns: the one whose index most likely has the fewest rows."""
    kept: tuple[str, ...] = ("owner", "whose") if chosen.owner or chosen.whose == Whose.MINE else ()
    kept = kept or (("kind",) if chosen.kind and chosen.kind != Kind.CONSULTATION else ())
    kept = kept or next(
        ((name,) for name in ("topic", "whose", "line", "kind", "handler") if getattr(chosen, name)), ()
    )
    plain: dict[str, Any] = {"kind": "", "topic": "", "channel": "", "line": "", "handler": 0, "owner": 0, "whose": ""}
    return chosen.but(**{name: empty for name, empty in plain.items() if name not in kept})


def _probed(employee: Employee, chosen: Filter, after: str | None, size: int) -> Page[Grant]:
    """Look through some thousands in order; only when they do not fill the page go by the hashed signs."""
    horizon = _horizon(employee, chosen, after, PROBED)
    rows = behind(grants(employee, chosen), order=BY_DAY, after=after)
    found = list((rows.filter(registered_at__gte=horizon) if horizon else rows)[: size + 1])
    if len(found) > size or horizon is None:
        return _page(found, size)
    return _by_words(employee, chosen, after, size, is_near=False)


def _horizon(employee: Employee, chosen: Filter, after: str | None, count: int) -> datetime | None:
    """Return when the last of the next ``count`` rows of one index came; None — there are fewer."""
    base = behind(grants(employee, _followed(chosen)), order=BY_DAY, after=after)
    return next(iter(base.values_list("registered_at", flat=True)[count : count + 1]), None)


def _by_words(employee: Employee, chosen: Filter, after: str | None, size: int, *, is_near: bool = True) -> Page[Grant]:
    """What is common fills the page from the nearest rows; what is rare is looked for by its hashes, back in time."""
    begins = boundary(Grant, order=BY_DAY, after=after)
    # A day more: rows of the very moment of the token may be behind it as well.
    upper = (begins or timezone.now()) + timedelta(days=1)
    asked, scope, wanted = asked_by(chosen, employee.scope), employee.scope, size + 1
    # Of a short list — open ones, hers, a queue — hashes know nothing: it is read itself and looked at.
    is_short = _is_short(chosen)
    is_common = is_short or (is_near and expected(asked, (_back(upper, 1), upper)) > COMMON)
    if is_near and is_common and (horizon := _horizon(employee, chosen, after, NEAR)):
        rows = grants(employee, chosen).filter(registered_at__gte=horizon)
        found = merged(joined(rows, scope, asked, (horizon, upper)), after, wanted)
        if len(found) == wanted:
            return _page(found, size)
    found = []
    for rows, window in _windows(employee, chosen, upper):
        left = wanted - len(found)
        if is_short:
            found += merged(joined(rows, scope, asked, window), after, left)
        else:
            found += by_keys(rows, scope, asked, window, after, left)
        if len(found) == wanted:
            break
    return _page(found, size)


def _is_short(chosen: Filter) -> bool:
    is_hers = chosen.whose and chosen.whose != Whose.NOBODY
    return any((chosen.is_open, is_hers, chosen.due, chosen.line, chosen.handler, chosen.owner))


def _page(found: list[Grant], size: int) -> Page[Grant]:
    rows = found[:size]
    return Page(rows, next=token_after(rows[-1], order=BY_DAY) if len(found) > size else None)


def _windows(employee: Employee, chosen: Filter, before: datetime) -> Iterator[tuple[GrantQuerySet, Span]]:
    """Yield the rows of a list window by window of registration, the newest first."""
    since, until = span(chosen.since, chosen.until, employee)
    upper = min(before, until) if until else before
    plain = grants(employee, chosen)
    for months in (*WINDOWS, None):
        lower = max(filter(None, (since, _back(upper, months) if months else FIRST)))
        yield plain.filter(registered_at__gte=lower, registered_at__lt=upper), (lower, upper)
        upper = lower
        if since and lower <= since:
            return


def _back(moment: datetime, months: int) -> datetime:
    """Return the beginning of the month so many months before, or of its quarter: a window is whole partitions."""
    index = moment.year * 12 + moment.month - months
    first = date(index // 12, index % 12 + 1, 1)
    first = first if first >= months_since(timezone.now().date()) else quarter_of(first)
    return datetime.combine(first, time.min, tzinfo=moment.tzinfo)
