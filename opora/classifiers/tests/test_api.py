"""The API: lists, topics, codes for a partner's program."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.access.rights import Right
from opora.classifiers.words import Kind
from opora.partners import services
from opora.partners.models import ApiPartner


def program(cast: SimpleNamespace, place: SimpleNamespace, *rights: Right) -> Client:
    partner = ApiPartner.objects.create(
        name="Журнал страховой", organisation=place.alfa, rights=list(rights), purpose="informing"
    )
    session = services.exchange(services.issue_key(partner, by=cast.alfa_admin).text).session
    return Client(headers={"Authorization": f"Bearer {session.text}"})


@pytest.fixture
def client(cast: SimpleNamespace, place: SimpleNamespace) -> Client:
    return program(cast, place, Right.CLASSIFIERS_VIEW)


@pytest.mark.parametrize("path", ["words", "topics", "topics/5", "codes/hmao"])
def test_a_right_is_needed(cast: SimpleNamespace, place: SimpleNamespace, path: str) -> None:
    assert Client().get(f"/api/v1/classifiers/{path}").status_code == 401
    assert program(cast, place, Right.INSURED_VIEW).get(f"/api/v1/classifiers/{path}").status_code == 403


def test_closed_lists_with_their_titles(client: Client) -> None:
    lists = {found["name"]: found for found in client.get("/api/v1/classifiers/words").json()}
    assert lists["kind"]["title"] == "Вид обращения"
    assert [word["code"] for word in lists["kind"]["words"]] == Kind.values
    assert all(found["title"] and found["words"] for found in lists.values())


def test_topics_with_their_rows(client: Client) -> None:
    answer = client.get("/api/v1/classifiers/topics").json()
    assert answer["edition"]["version"] == "3"
    found = {topic["code"]: topic for topic in answer["topics"]}
    assert found["5.11"]["rows"] == {
        "pg-a": {"consultation": "4.5", "complaint": "ж9"},
        "pg-b": {"consultation": "4.5", "complaint": "3.5.1"},
        "sstu": {"consultation": "0002.0014.0143.0389", "complaint": "0002.0014.0143.0389"},
    }


def test_topics_of_a_day_of_a_kind_and_by_words(client: Client) -> None:
    def ask(**query: Any) -> dict[str, Any]:
        return client.get("/api/v1/classifiers/topics", query).json()

    assert ask(on="2018-03-01")["edition"]["version"] == "2"
    assert {topic["code"] for topic in ask(kind="thanks")["topics"]} == {"14", "14.3", "14.4"}
    assert ask(q="потеряла полис")["topics"][0]["code"] == "2.3"
    assert client.get("/api/v1/classifiers/topics", {"kind": "song"}).status_code == 422


def test_one_topic_and_one_that_is_not(client: Client) -> None:
    assert client.get("/api/v1/classifiers/topics/5.10").json()["title"] == "Чистота и состояние помещений"
    refusal = client.get("/api/v1/classifiers/topics/99")
    assert (refusal.status_code, refusal.json()["code"]) == (404, "no_such_topic")
    assert client.get("/api/v1/classifiers/topics/5", {"on": "1999-01-01"}).json()["code"] == "no_edition"


def test_codes_of_a_partner(client: Client) -> None:
    codes = client.get("/api/v1/classifiers/codes/hmao").json()["codes"]
    line = {"of": "channel", "ours": "hot_line", "theirs": "1", "reads": True, "writes": True}
    assert line in codes
    assert client.get("/api/v1/classifiers/codes/nowhere").status_code == 404
