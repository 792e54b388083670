"""The sign-in in a real browser: the keyboard is enough, a passkey is made and lets in, axe-core is content."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from conftest import PASSWORD
from opora.audit.models import AuditLine
from opora.shared.tests.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def door(site: str, cast: SimpleNamespace, settings: Any) -> str:
    """The site by its name: browsers make no passkeys for a bare number."""
    cache.clear()
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    return site.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("look", ["light", "dark", "low-vision.1.0.black-on-white"])
def test_the_first_page_is_for_everybody(page: Any, door: str, look: str) -> None:
    page.context.add_cookies([{"name": "look", "value": look, "url": door}])
    page.goto(door + "/sign-in/")
    assert findings(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_keyboard_is_enough(page: Any, door: str) -> None:
    page.goto(door + "/me/sessions/")
    page.keyboard.type("alina")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/sessions/")
    assert page.locator("h1").inner_text() == "Сеансы"


def test_a_passkey_is_made_and_lets_in_without_a_password(page: Any, door: str) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.goto(door + "/me/security/passkeys/new/")
    page.fill("#id_login", "alina")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Подтвердите')")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#add-passkey")
    page.check("#id_passwordless")
    page.click("#add-passkey")
    page.wait_for_url("**/me/security/codes/")
    page.goto(door + "/sign-out/")
    page.click("button:has-text('Выйти')")
    page.wait_for_url("**/sign-in/")

    page.click("#passkey-login")
    page.wait_for_url(door + "/")
    page.goto(door + "/me/security/passkeys/")
    assert page.locator(".way").count() == 1
    assert [line.details["by"] for line in AuditLine.objects.filter(action="entrance.entered").order_by("at")] == [
        ["password"],
        ["mfa"],
    ]
