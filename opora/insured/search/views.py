"""The search page and the hits below the box. The text travels in the body of a POST and is in no address or log."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opora.access.guard import needs
from opora.access.rights import Right
from opora.insured.elsewhere import InsuredElsewhere, insurer_of_stranger
from opora.insured.search import present, trace
from opora.insured.search.find import find
from opora.insured.search.parse import LONGEST_TEXT, Query, parse
from opora.insured.search.recent import recent_people
from opora.organisations.models import Employee


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.INSURED_SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    """GET — the box and whom she opened lately; POST — the hits, as a page or, for htmx, the list alone."""
    employee = cast(Employee, request.user)
    text = request.POST.get("q", "")[:LONGEST_TEXT]
    query = parse(text, today=timezone.localdate())
    context = {"text": text, "query": query}
    if is_enough(query):
        found = find(query, employee)
        trace.record(query, found, by=employee, purpose=getattr(request, "purpose", None))
        lines = [present.line(hit) for hit in found.hits]
        context |= {"is_asked": True, "lines": lines, "found": found, "advice": present.advice(query, found)}
        if not lines:
            context["elsewhere"] = stranger(query, employee, getattr(request, "purpose", None))
    elif not request.headers.get("HX-Request"):
        context["recent"] = recent_people(employee)
    template = "insured/search/page.html" + ("#hits" if request.headers.get("HX-Request") else "")
    return render(request, template, context)


def stranger(query: Query, employee: Employee, purpose: str | None) -> InsuredElsewhere | None:
    """Who insures the holder of a whole ЕНП that nobody of hers has."""
    told = (insurer_of_stranger(number, by=employee, purpose=purpose) for number in query.numbers)
    return next(filter(None, told), None)


def is_enough(query: Query) -> bool:
    """Tell whether there is anything to search by: one letter alone is not."""
    return bool(query.birth or query.numbers or any(len(key) > 1 for word in query.words for key in word.keys))
