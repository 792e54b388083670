from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.shared.pages import keyset

ORDERS = [("app_label", "model", "pk"), ("-app_label", "-model", "-pk"), ("-app_label", "model", "pk"), ("-pk",)]
LABEL = "keyset"


@pytest.fixture
def names(db):
    """Rows with many equal first columns, of a table every database has."""
    rows = [ContentType(app_label=f"{LABEL}{i % 3}", model=f"model {i:02}") for i in range(23)]
    ContentType.objects.bulk_create(rows)
    return ContentType.objects.filter(app_label__startswith=LABEL)


def walk(queryset, order, size):
    """Return all pages forward, and then all pages back from the last one."""
    pages = [keyset(queryset, order=order, after=None, size=size)]
    while pages[-1].next:
        pages.append(keyset(queryset, order=order, after=pages[-1].next, size=size))
    back = [pages[-1]]
    while back[-1].previous:
        back.append(keyset(queryset, order=order, after=back[-1].previous, size=size))
    return pages, back


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.sampled_from(ORDERS), size=st.integers(1, 30))
def test_pages_show_every_row_once_in_order_both_ways(names, order, size):
    pages, back = walk(names, order, size)

    shown = [row.pk for page in pages for row in page]
    assert shown == list(names.order_by(*order).values_list("pk", flat=True))
    assert all(len(page) == size for page in pages[:-1])
    assert pages[0].previous is None
    assert [row.pk for page in reversed(back) for row in page][-size:] == shown[-size:]
    assert {row.pk for page in back for row in page} == set(shown)


def test_a_page_is_one_query(names):
    first = keyset(names, order=("app_label", "pk"), after=None, size=5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset(names, order=("app_label", "pk"), after=first.next, size=5)
    assert len(queries) == 1
    assert "COUNT" not in queries[0]["sql"]
    assert '("django_content_type"."app_label", "django_content_type"."id") > (' in queries[0]["sql"]


def test_a_row_added_behind_the_page_does_not_shift_it(names):
    first = keyset(names, order=("-pk",), after=None, size=5)
    ContentType.objects.create(app_label=f"{LABEL}9", model="late comer")
    second = keyset(names, order=("-pk",), after=first.next, size=5)
    assert not {row.pk for row in first} & {row.pk for row in second}


@pytest.mark.parametrize("token", ["", "x", "я" * 9, "gAAAAA", "a" * 5000, None])
def test_a_token_that_is_not_ours_means_the_first_page(names, token):
    page = keyset(names, order=("pk",), after=token, size=5)
    assert page.previous is None
    assert [row.pk for row in page] == list(names.order_by("pk").values_list("pk", flat=True)[:5])


def test_a_token_of_another_order_or_with_a_changed_sign_is_not_ours(names):
    token = keyset(names, order=("app_label", "pk"), after=None, size=5).next
    assert keyset(names, order=("-pk",), after=token, size=5).previous is None
    assert keyset(names, order=("app_label", "pk"), after=token[:-2] + "AA", size=5).previous is None


def test_a_token_hides_what_it_carries(names):
    ContentType.objects.create(app_label=LABEL, model="Соловьёва-Седая")
    token = keyset(names, order=("model", "pk"), after=None, size=1).next
    assert "model" not in token
    assert token.isascii()


def test_the_order_must_end_with_a_unique_column(names):
    with pytest.raises(ValueError, match="unique"):
        keyset(names, order=("app_label",), after=None)


def test_dates_survive_the_way_through_the_address(place, polina):
    from opora.insured.models import Person

    twin = {name: getattr(polina, name) for name in ("territory", "sex")}
    Person.objects.create(surname="Ветрова", given_name="Зоя", birth_on=date(1990, 1, 2), **twin)
    first = keyset(Person.objects.all(), order=("birth_on", "pk"), after=None, size=1)
    second = keyset(Person.objects.all(), order=("birth_on", "pk"), after=first.next, size=1)
    assert [row.surname for row in (*first, *second)] == ["Соловьёва-Седая", "Ветрова"]
