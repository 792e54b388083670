"""What citizens pressed after a talk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.telephony import ratings as counting
from opora.telephony.figures import FEWEST
from opora.telephony.views.figures import asked_days


@require_safe
@needs(Right.TELEPHONY_VIEW)
def ratings(request: StaffRequest) -> HttpResponse:
    """The last seven days unless others are asked for."""
    since, until = asked_days(request)
    tables = [
        ("Линии", "Линия", counting.ratings(request.user, "line", since, until)),
        ("Часы", "Час", counting.ratings(request.user, "hour", since, until)),
        ("Группы операторов", "Группа", counting.ratings(request.user, "group", since, until)),
    ]
    context = {"since": since, "until": until, "tables": tables, "fewest": FEWEST, "keys": range(1, 6)}
    return render(request, "telephony/ratings.html", context)
