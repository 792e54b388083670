"""A page as rooms above will make it: a list that is live, and a card that says who else has it open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.urls import *  # noqa: F403 - handlers of refusals too
from config.urls import urlpatterns as house
from opora.access.guard import needs
from opora.access.rights import Right

PAGE = """
{% extends "base.html" %}{% load live %}{% block title %}Журнал{% endblock %}
{% block main %}<header class="page-head"><div><h1>Журнал</h1></div></header>
{% channel "appeal" "0199aaaa" as card %}{% include "live/presence.html" with subject=card %}
{% partialdef list inline %}
<table class="list" id="list" data-live="org:{{ request.user.assignment.organisation_id }}:queue:sp1" data-live-row
  hx-get="/sample/list/" hx-trigger="news" hx-swap="outerHTML"><caption class="hush">Обращения</caption>
<tbody>{% for id, version in rows.items %}
<tr id="row-{{ id }}" data-row="{{ id }}" data-version="{{ version }}"
  hx-get="/sample/row/?id={{ id }}" hx-trigger="news" hx-swap="outerHTML">
<td><a href="#">{{ id }}</a></td><td class="fit">версия {{ version }}</td></tr>{% endfor %}</tbody></table>
{% endpartialdef %}
<table class="list"><tbody id="merged" data-live-merge="/sample/merged/"
  data-live="org:{{ request.user.assignment.organisation_id }}:queue:op1">
{% for name, text in merged.items %}<tr data-row="{{ name }}"><td><a href="#">{{ text }}</a></td></tr>{% endfor %}
<tr data-row="further"><td>ещё дальше</td></tr></tbody></table>
<textarea id="draft" aria-label="Черновик"></textarea>{% endblock %}
"""  # fmt: skip

ROW = '<tr data-row="{}"><td><a href="#">{}</a></td></tr>'

rows: dict[str, int] = {}
merged: dict[str, str] = {}
asked: list[tuple[str, str]] = []


@needs(Right.APPEALS_VIEW)
def sample(request: HttpRequest, part: str = "page") -> HttpResponse:
    asked.append((part, request.headers.get("X-Background", "")))
    template: Any = engines["django"].from_string(PAGE)
    if part == "page":
        return HttpResponse(template.render({"rows": rows, "merged": merged}, request))
    if part == "merged":
        return HttpResponse("".join(ROW.format(*row) for row in merged.items()))
    whole = template.render({"rows": rows}, request)
    if part == "row":
        row = f'<tr id="row-{request.GET["id"]}"'
        return HttpResponse(row + whole.partition(row)[2].partition("</tr>")[0] + "</tr>")
    return HttpResponse(
        '<table class="list"' + whole.partition('<table class="list"')[2].partition("</table>")[0] + "</table>"
    )


urlpatterns = [
    path("sample/", sample),
    path("sample/list/", sample, {"part": "list"}),
    path("sample/row/", sample, {"part": "row"}),
    path("sample/merged/", sample, {"part": "merged"}),
    *house,
]
