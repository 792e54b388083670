import json
import logging

import pytest
import structlog
from django.db import OperationalError, connection

from config.observation import places, request_number, without_personal_data


def test_alive_asks_no_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"


def test_ready_when_the_schema_is_there(client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "reason": ""})


def test_not_ready_without_a_database(client, db, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OperationalError("server is gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/readyz")
    monkeypatch.undo()
    assert (answer.status_code, answer.json()["reason"]) == (503, "database")


WATCHERS = [
    ({"REMOTE_ADDR": "127.0.0.1"}, False, 200),
    ({"REMOTE_ADDR": "10.1.1.1"}, False, 404),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.1.1.1"}, True, 404),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False, 404),  # nobody set it but the caller
]


@pytest.mark.parametrize(("origin", "behind_proxy", "status"), WATCHERS)
def test_figures_are_for_watchers_only(client, db, settings, origin, behind_proxy, status):
    settings.BEHIND_PROXY = behind_proxy
    assert client.get("/metrics", **origin).status_code == status


def test_figures_count_routes_not_addresses(client, db):
    client.get("/healthz?enp=5055890826000093")
    text = client.get("/metrics").content.decode()
    assert 'opora_requests_total{method="GET",route="healthz",status="200"}' in text
    assert "5055890826000093" not in text


def test_a_log_line_holds_no_address_and_no_query(client, db, caplog):
    caplog.set_level("INFO", "opora.requests")
    client.get("/look/?enp=5055890826000093")
    lines = [str(record.msg) for record in caplog.records if record.name == "opora.requests"]
    assert len(lines) == 1
    assert "5055890826000093" not in lines[0]
    assert "'route': 'look'" in lines[0]


def test_a_traceback_keeps_places_and_drops_words():
    try:
        raise ValueError("Key (enp)=(5055890826000093) already exists")
    except ValueError as fault:
        told = json.dumps(places(fault))
    assert "test_health.py" in told
    assert "5055890826000093" not in told


@pytest.mark.parametrize("how", ["as it is", "as a tuple", "as it is caught"])
def test_a_fault_in_a_line_of_ours_loses_its_words_and_keeps_its_places(caplog, how):
    try:
        raise ValueError("Failing row contains (5055890826000093, Соловьёва)")
    except ValueError as fault:
        given = {"as it is": fault, "as a tuple": (ValueError, fault, fault.__traceback__), "as it is caught": True}
        structlog.stdlib.get_logger("opora.test").error("test.broken", exc_info=given[how])
    handlers = logging.getLogger().handlers
    [written] = [one.formatter for one in handlers if isinstance(one.formatter, structlog.stdlib.ProcessorFormatter)]
    line = json.loads(written.format(caplog.records[-1]))
    assert (line["event"], line["exception"]) == ("test.broken", "ValueError")
    assert "test_health.py" in line["places"][-1]
    assert "5055890826000093" not in str(line)


def test_the_number_of_a_request_is_taken_from_nginx_only(rf, settings):
    request = rf.get("/", headers={"X-Request-ID": "a1b2c3d4e5f60718"})
    settings.BEHIND_PROXY = True
    assert request_number(request) == "a1b2c3d4e5f60718"
    settings.BEHIND_PROXY = False
    assert request_number(request) != "a1b2c3d4e5f60718"


def test_words_of_libraries_lose_the_address():
    record = logging.LogRecord(
        "django.request", 40, "log.py", 1, "%s: %s", ("Internal Server Error", "/x/5055890826"), None
    )
    assert without_personal_data(None, "", {"_record": record, "event": record.getMessage()})["event"] == (
        "Internal Server Error"
    )
