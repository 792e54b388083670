"""Pieces of pages: ``{% load ui %}``. Each is shown once in the gallery (/ui/) and described in docs/ui.md."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from opora.shared import drawing
from opora.shared.charts import Chart
from opora.shared.navigation import Section
from opora.shared.pages import Page

register = template.Library()
STATES = ("late", "today", "now", "none", "done", "word")
SPRITE = "vendor/tabler-icons/sprite.svg"
MARKS = "opora/marks.svg"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite (``tools/icons.txt``); silent for screen readers unless it has a label."""
    return _use(SPRITE, name, "icon", label)


@register.simple_tag
@lru_cache(maxsize=64)
def sign(state: str) -> SafeString:
    """The sign of a state: ▲ late, ● today, ▸ now, ○ none, ✓ done."""
    mark = '<svg class="icon sign" data-state="{0}" aria-hidden="true"><use href="{1}#{0}"></use></svg>'
    return format_html(mark, state, static(MARKS))


@register.simple_tag
def badge(state: str, word: object) -> SafeString:
    """A state in colour, sign and word: ``{% badge "late" "просрочено 2 дня" %}``; state ``word`` is a plain word."""
    if state not in STATES:
        raise template.TemplateSyntaxError(f"badge: no such state: {state}")
    return _plain_badge(state, word) if type(word) is str else _badge(state, word)


def _badge(state: str, word: object) -> SafeString:
    mark = "" if state == "word" else sign(state)
    return format_html('<span class="badge" data-state="{}">{}{}</span>', state, mark, word)


# A list of fifty rows says the same few words and days.
_plain_badge = lru_cache(maxsize=1024)(_badge)


@register.simple_tag
def key(name: str) -> SafeString:
    """``{% key "G J" %}`` — the keys as caps."""
    return _caps(str(name))


@register.simple_tag
def rail(sections: Iterable[Section]) -> SafeString:
    """The rail. A role sees the same on a page each time, so it is drawn once for each of its shapes."""
    return _rail(tuple(sections), get_script_prefix())


@register.simple_tag
def avatar(name: str) -> SafeString:
    words = str(name).replace(".", " ").split()
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', "".join(w[0] for w in words[:2]).upper())


@register.inclusion_tag("ui/empty.html")
def empty_state(
    title: str, text: str = "", *, icon: str = "inbox", url: str = "", action: str = "", key: str = ""
) -> dict[str, Any]:
    """An empty list that says what to do next."""
    return {"title": title, "text": text, "icon": icon, "url": url, "action": action, "key": key}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], target: str = "") -> dict[str, Any]:
    """Back and next of a keyset page; the filters of the address stay. ``target`` is a CSS selector for htmx."""
    return {"page": page, "target": target, "request": context["request"]}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: list[dict[str, Any]], label: str = "Разделы") -> dict[str, Any]:
    """Links that look like tabs; an item is ``{"label", "url", "current", "count"?}``."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/progress.html")
def progress(work: Any) -> dict[str, Any]:
    """A long work: see ``opora.shared.progress.Work``."""
    return {"work": work}


@register.simple_tag
def chart_files() -> SafeString:
    """What a page with a chart needs, for its block ``head``: other pages do not load it."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script src="{}" type="module"></script>',
        static("opora/charts.css"),
        static("opora/js/charts.js"),
    )


@register.inclusion_tag("ui/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A chart and its table: ``{% chart chart %}`` of an ``opora.shared.charts.Chart``; see ``chart_files``."""
    is_drawn = chart.kind != "heatmap" and not chart.is_empty
    return {
        "chart": chart,
        "is_drawn": is_drawn,
        "table": chart.table,
        "spec": json.dumps(chart.spec(), ensure_ascii=False) if is_drawn else "",
        "still": mark_safe(drawing.svg(chart)) if is_drawn else "",  # noqa: S308 - texts are escaped there
    }


@register.simple_block_tag
def panel(content: SafeString, title: str = "", *, icon: str = "", id: str = "") -> SafeString:
    """``{% panel "Полис" icon="id" %} … {% endpanel %}``; the head is left out without a title."""
    sign_of = _use(SPRITE, icon, "icon", "") if icon else ""
    head = format_html('<header class="panel-head"><h2>{}{}</h2></header>', sign_of, title) if title else ""
    anchor = format_html(' id="{}"', id) if id else ""
    return format_html('<section class="panel"{}>{}<div class="panel-body">{}</div></section>', anchor, head, content)


@register.simple_block_tag
def notice(content: SafeString, state: str = "now") -> SafeString:
    """A message inside the page: ``{% notice "today" %} … {% endnotice %}``."""
    name = {"late": "alert-triangle", "today": "alert-circle", "done": "circle-check"}.get(state, "info-circle")
    mark = _use(SPRITE, name, "icon", "")
    return format_html('<div class="notice" data-state="{}">{}<div>{}</div></div>', state, mark, content)


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: str) -> SafeString:
    """A dialog opened by ``data-opens="id"`` on any button; Esc and the cross close it."""
    close = format_html(
        '<button type="submit" class="button quiet square small">{}<span class="hush">Закрыть</span></button>',
        _use(SPRITE, "x", "icon", ""),
    )
    return format_html(
        '<dialog class="dialog" id="{0}" aria-labelledby="{0}-title"><form method="dialog" class="dialog-head">'
        '<h2 id="{0}-title">{1}</h2>{2}</form><div class="dialog-body">{3}</div></dialog>',
        id,
        title,
        close,
        content,
    )


@register.simple_tag
def skeleton(lines: int = 3) -> SafeString:
    """A reserved place while the content is on its way."""
    bars = mark_safe("<i></i>" * lines)  # noqa: S308
    return format_html('<div class="skeleton" role="status"><span class="hush">Загружаем…</span>{}</div>', bars)


def _use(sprite: str, name: str, css: str, label: str) -> SafeString:
    if not label:
        return _silent(sprite, str(name), css)
    voice = format_html('role="img" aria-label="{}"', label)
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', css, voice, static(sprite), name)


@lru_cache(maxsize=512)
def _rail(sections: tuple[Section, ...], _prefix: str) -> SafeString:
    return mark_safe(render_to_string("ui/rail.html", {"sections": sections}))  # noqa: S308 - a template escapes


# A page has some ninety icons and thirty keys, nearly all of them in the rail and the same on every page.
@lru_cache(maxsize=1024)
def _silent(sprite: str, name: str, css: str) -> SafeString:
    shape = '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>'
    return format_html(shape, css, static(sprite), name)


@lru_cache(maxsize=1024)
def _caps(name: str) -> SafeString:
    caps = "".join(format_html("<kbd>{}</kbd>", cap) for cap in name.split())
    return format_html('<span class="keycaps" aria-hidden="true">{}</span>', mark_safe(caps))  # noqa: S308
