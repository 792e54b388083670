"""The pages in a browser: keyboard, accessibility, a version loaded by hand."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from opora.classifiers.models import Edition
from opora.classifiers.tests.test_views import own
from opora.shared.tests.axe import findings

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/classifiers/?topic=5.11", "/classifiers/partners/", "/classifiers/editions/"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_accessible_and_fits(page: Any, site: str, signed_in_browser: Any, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    signed_in_browser("admin")
    page.goto(site + path)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_topic_is_found_and_opened_by_keyboard(page: Any, site: str, signed_in_browser: Any) -> None:
    signed_in_browser("alina")
    page.goto(f"{site}/classifiers/")
    page.keyboard.press("f")
    page.keyboard.type("потерял полис")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**topic=2.3**")
    assert "3.5.2" in page.locator("#topic").inner_text()


def test_a_version_is_loaded_by_hand(page: Any, site: str, signed_in_browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "темы.json"
    path.write_text(json.dumps(own(), indent=1).replace("\n", "\r\n"), encoding="utf-8")
    signed_in_browser("admin")
    page.goto(f"{site}/classifiers/editions/")
    page.keyboard.press("n")
    page.wait_for_url("**/new/")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Показать, что изменится").click()
    page.get_by_role("button", name="Записать версию").wait_for()
    assert not Edition.objects.filter(territory="50000").exists()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/editions/\d+/$"))
    assert Edition.objects.get(territory="50000").version == "1"
