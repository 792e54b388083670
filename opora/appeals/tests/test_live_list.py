"""The open list asks for its first rows when news come, and gets rows alone."""

from types import SimpleNamespace
from typing import Any

from django.urls import reverse

BACKGROUND = {"HX-Request": "true", "X-Background": "1"}


def test_news_bring_the_first_rows_and_nothing_around_them(shelf: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in("alina")
    page = client.get(reverse("appeals:list"))
    assert 'data-live-merge="/appeals/"' in page.content.decode()
    rows = client.get(reverse("appeals:list"), headers=BACKGROUND)
    assert rows.status_code == 200
    assert f'data-row="{shelf.mine.pk}"' in rows.content.decode()
    assert "<html" not in rows.content.decode()
    assert "<table" not in rows.content.decode()
