"""Fields of texts, and what stands there when they are empty."""

import json
from types import SimpleNamespace

import pytest

from opora.informing import merge, shipping
from opora.informing.errors import TextRefused
from opora.informing.models import Exclusion, Template, Touch
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned


def test_an_alternative_stands_where_the_field_is_empty() -> None:
    text = "{имя}, ждём вас: {часы_клиники|по будням}"
    values = {"имя": "Полина", "часы_клиники": "с 8 до 20"}
    shape = merge.check(text, "sms")
    assert merge.render(text, values) == "Полина, ждём вас: с 8 до 20"
    assert merge.render(text, {"имя": "Полина"}) == "Полина, ждём вас: по будням"
    assert shape.length(values) == len(merge.render(text, values))
    assert shape.length({"имя": "Полина"}) == len(merge.render(text, {"имя": "Полина"}))
    assert merge.missing(shape, {}, merge.FIELDS) == ["имя"]


def test_an_unknown_field_with_an_alternative_is_still_unknown() -> None:
    with pytest.raises(TextRefused, match=r"«\{кошка\}» нет"):
        merge.check("{кошка|собака}", "sms")


def test_who_has_no_clinic_gets_the_alternative(place: SimpleNamespace) -> None:
    some = people(place, 2)
    some[1].provider = None
    planned(place, some)
    Template.objects.create(
        organisation=place.alfa, measure="checkup", purpose="invite", channel="sms", text="{имя}: {клиника|ваша}"
    )
    launch(campaign(place).pk, by=None)
    assert Touch.objects.count() == 2
    assert not Exclusion.objects.exists()


def test_every_shipped_text_spares_its_empty_fields() -> None:
    for one in json.loads(shipping.PACK.read_text())["texts"]:
        assert not merge.MAY_BE_EMPTY & set(merge.check(one["text"], one["channel"]).fields), one["text"]


def test_a_changed_shipped_text_is_a_new_version(system: None) -> None:
    shipped = Template.objects.filter(organisation=None, measure="checkup", purpose="invite", channel="sms")
    former = shipped.get(is_current=True)
    shipped.update(text="{имя}, приходите")
    shipping.load_shipped_texts()
    shipping.load_shipped_texts()
    assert [(one.version, one.is_current) for one in shipped.order_by("version")] == [
        (former.version, False),
        (former.version + 1, True),
    ]
    assert shipped.get(is_current=True).text == former.text
