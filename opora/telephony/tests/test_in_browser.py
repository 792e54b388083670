"""A call as a browser shows it: it rings, the person is there, Enter opens the appeal that carries the call."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from opora.appeals.models import Draft
from opora.shared.tests.axe import findings as faults
from opora.telephony.models import Call
from opora.telephony.tests.exchange import MemoryPbx
from opora.telephony.tests.test_pages import rings

LONG = 30_000


@pytest.mark.browser
@pytest.mark.slow
def test_ringing_then_enter_then_the_draft(
    page: Any, site: str, signed_in_browser: Any, pbx: MemoryPbx, seats: SimpleNamespace, polina: Any
) -> None:
    signed_in_browser("alina")
    page.goto(f"{site}/telephony/")
    page.wait_for_load_state("load")
    expect(page.locator("#ringing")).to_be_empty()
    assert faults(page) == []
    call = rings(pbx)
    tell(page, seats.alina.employee_id)
    button = page.locator("#ringing [data-open-intake]")
    expect(button).to_be_focused(timeout=LONG)
    expect(page.locator("#ringing")).to_contain_text("Соловьёва-Седая")
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/appeals/new/\?draft="), timeout=LONG)
    page.wait_for_load_state("load")
    expect(page.locator('[name="call_id"]')).to_have_value(call.code)
    assert Draft.objects.get().call_id == call.code
    # The next page of hers asks by itself: the same call, once.
    expect(page.locator("#ringing [data-call]")).to_have_count(1, timeout=LONG)
    Call.objects.update(now="ended", result="answered", ended_at=call.began_at, ringing=[])
    tell(page, seats.alina.employee_id)
    expect(page.locator("#ringing")).to_be_empty(timeout=LONG)


def tell(page: Any, employee: int) -> None:
    """Say on the page what the stream would say: it is a process of its own, ``opora.live`` tests it."""
    item = json.dumps({"channels": [f"emp:{employee}"], "event": "call", "data": {}})
    page.evaluate("([item]) => htmx.trigger('#ringing', 'news', {items: [JSON.parse(item)]})", [item])
