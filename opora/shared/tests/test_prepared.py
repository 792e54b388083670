"""Questions put together once: the rows Django gives, for every value, shape and list; nothing guessed of a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from opora.shared.prepared import VALUE, give, prepared

pytestmark = pytest.mark.django_db


class Ending(StrEnum):
    SESSION = "session"
    MESSAGE = "message"


@dataclass(frozen=True)
class Sight:
    """As a scope is: ``app`` is compared with a column, ``ending`` decides what is asked."""

    app: str = field(default="", metadata=VALUE)
    ending: Ending | None = None


@prepared
def _kind(app: str, model: str) -> QuerySet[ContentType]:
    return ContentType.objects.filter(app_label=app, model=model)


@prepared
def _rights(kind: int, words: str) -> QuerySet[Permission]:
    named = Permission.objects.filter(content_type=kind, codename__startswith="add").exclude(name__contains="100%")
    return named.filter(Q(name=words) | ~Q(name=words)).select_related("content_type").order_by("pk")


@prepared
def _listed(keys: list[int]) -> QuerySet[ContentType]:
    return ContentType.objects.filter(pk__in=keys).order_by("pk").prefetch_related("permission_set")


@prepared
def _named(app: str) -> QuerySet[ContentType, tuple[str, str]]:
    return ContentType.objects.filter(app_label=app).order_by("model").values_list("app_label", "model")


@prepared
def _models(app: str) -> QuerySet[ContentType, str]:
    return ContentType.objects.filter(app_label=app).order_by("model").values_list("model", flat=True)


@pytest.fixture
def session() -> ContentType:
    return ContentType.objects.get(app_label="sessions", model="session")


def test_the_rows_of_django(session: ContentType) -> None:
    assert _kind("sessions", "session") == [session]
    assert _kind("sessions", "nobody") == []
    assert _kind.first("auth", "permission") == ContentType.objects.get(app_label="auth", model="permission")
    assert _kind.first("auth", "nobody") is None


def test_values_without_rows() -> None:
    assert _named("sessions") == [("sessions", "session")]
    assert _models("auth") == ["group", "permission"]
    assert _models.first("nowhere") is None


def test_what_is_joined_comes_along(session: ContentType, django_assert_num_queries: Any) -> None:
    _rights(session.pk, "x")
    with django_assert_num_queries(1):
        (right,) = _rights(session.pk, "100% x")
        assert right.content_type.model == "session"
    assert right.codename == "add_session"


def test_a_list_is_asked_with_in_and_brings_what_is_prefetched(session: ContentType) -> None:
    other = ContentType.objects.get(app_label="auth", model="permission")
    for keys in ([session.pk], [session.pk, other.pk], [-1]):
        assert _listed(keys) == list(ContentType.objects.filter(pk__in=keys).order_by("pk"))
    assert _listed([]) == []
    (found,) = _listed([session.pk])
    brought = cast("Any", found)._prefetched_objects_cache["permission_set"]
    assert {right.content_type_id for right in brought} == {session.pk}


def test_what_was_asked_for_all_rows_is_given_to_each(session: ContentType, django_assert_num_queries: Any) -> None:
    kinds = [session, ContentType.objects.get(app_label="auth", model="permission")]
    give(kinds, "permission_set", Permission.objects.filter(content_type=session), by="content_type_id")
    with django_assert_num_queries(0):
        theirs, none = (list(cast("Any", kind).permission_set.all()) for kind in kinds)
    assert {right.content_type_id for right in theirs} == {session.pk}
    assert none == []


def test_each_shape_is_put_together_once(session: ContentType) -> None:
    built: list[Sight] = []

    @prepared
    def seen(sight: Sight, model: str | None) -> QuerySet[ContentType]:
        built.append(sight)
        found = ContentType.objects.filter(app_label=sight.app) if sight.app else ContentType.objects.all()
        found = found if model is None else found.filter(model=model)
        return found.filter(model__endswith=sight.ending) if sight.ending else found

    kinds = ContentType.objects
    for _ in range(2):
        assert len(seen(Sight(), None)) == kinds.count()
        assert seen(Sight("sessions"), None) == [session]
        assert len(seen(Sight("auth"), None)) == kinds.filter(app_label="auth").count()
        assert seen(Sight("auth", Ending.SESSION), None) == []
        assert seen(Sight("sessions", Ending.SESSION), None) == [session]
        assert seen(Sight("sessions", Ending.MESSAGE), None) == []
        assert seen(Sight("sessions"), "session") == [session]
    assert len(built) == 5


def test_a_value_is_unknown_while_the_question_is_made() -> None:
    def refused(build: Any) -> bool:
        with pytest.raises(TypeError, match="not known while"):
            prepared(build)("sessions")
        return True

    kinds = ContentType.objects
    assert refused(lambda app: kinds.filter(app_label=app) if app == "auth" else kinds.all())
    assert refused(lambda app: kinds.filter(app_label={"auth": "x"}.get(app)))
    assert refused(lambda app: kinds.filter(app_label=f"{app}"))
    assert refused(lambda app: kinds.filter(app_label=app + "s"))


def test_the_plan_stays_in_the_session() -> None:
    for _ in range(8):
        _kind("sessions", "session")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            ['%FROM "django_content_type" WHERE ("django_content_type"."app_label" = %'],
        )
        ((same, own),) = cursor.fetchall()
    assert same >= 3
    assert own <= 5


def test_signs_of_percent_stay_what_they_are() -> None:
    @prepared
    def begun(app: str) -> QuerySet[ContentType]:
        like = RawSQL("model LIKE 'sess%%' OR model = '5%%'", [], output_field=BooleanField())
        return ContentType.objects.filter(like, app_label=app).exclude(model="100%")

    assert [one.model for one in begun("sessions")] == ["session"]
    assert begun("auth") == []


def test_what_is_always_the_same_stands_in_the_statement() -> None:
    _rights(1, "x")
    (known,) = _rights._known.values()
    assert "'add%%'" in known.sql
    assert len(known.places) == 3
