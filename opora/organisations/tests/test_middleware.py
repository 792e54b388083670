"""The clock of a page is that of her organisation."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from opora.organisations.middleware import AssignmentMiddleware

WHOSE_CLOCK = [("alina", "Asia/Novosibirsk"), ("far", "Asia/Barnaul"), (None, settings.TIME_ZONE)]


@pytest.mark.parametrize(("who", "zone"), WHOSE_CLOCK)
def test_pages_show_the_time_of_the_organisation(cast, rf: RequestFactory, who: str | None, zone: str) -> None:
    from django.contrib.auth.models import AnonymousUser

    seen = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = rf.get("/")
    request.user = getattr(cast, who) if who else AnonymousUser()
    request.session = {}
    answer: Callable[[HttpRequest], HttpResponse] = AssignmentMiddleware(page)
    answer(request)
    assert seen == [zone]
    assert timezone.get_current_timezone_name() == settings.TIME_ZONE
