"""The API does what its description says, whatever a program sends: no crash, no answer it does not describe."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from config.api import api
from opora.partners import services
from opora.partners.models import MAY_BE_GIVEN, ApiPartner

DESCRIPTION = api.get_openapi_schema(path_prefix="/api/v1/")
OPERATIONS = [(method.upper(), path) for path, methods in DESCRIPTION["paths"].items() for method in methods]
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
LITTLE = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Let requests of the server's own door share the connection of the test, as those of the test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def whole() -> Any:
    found = schemathesis.openapi.from_dict(dict(DESCRIPTION))
    found.app = get_wsgi_application()
    return found


@pytest.fixture
def session(cast: SimpleNamespace, place: SimpleNamespace) -> str:
    partner = ApiPartner.objects.create(
        name="Проверка описания",
        organisation=place.alfa,
        rights=[str(right) for right in MAY_BE_GIVEN],
        purpose="appeal",
        per_minute=1_000_000,
    )
    key = services.issue_key(partner, by=cast.alfa_admin)
    return services.exchange(key.text).session.text


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part)
def test_every_operation_answers_as_described(whole: Any, session: str, method: str, path: str) -> None:
    """Cases are made when their test runs: made while tests are collected, every worker would make all of them."""

    @LITTLE
    def answers(case: Any) -> None:
        case.headers = {"Authorization": f"Bearer {session}", "Idempotency-Key": uuid4().hex}
        case.call_and_validate(checks=CHECKS)

    given = {"test_func": answers, "given_kwargs": {}, "feedback": FeedbackSources()}
    build_operation_test(config=whole.config, operation=whole[path][method], **given)()


def test_the_description_is_openapi_3_1_with_examples() -> None:
    assert DESCRIPTION["openapi"].startswith("3.1")
    text = str(DESCRIPTION["components"])
    assert text.count("'examples'") > 20
