"""The browser fixtures keep what they promise: rows of the test are seen, breaches fail."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.browser


def test_rows_made_before_the_browser_starts_are_rolled_back_too(polina, page, site, signed_in_browser):
    from opora.insured.models import Person

    assert Person.objects.get().pk == polina.pk


def test_nothing_is_left_of_the_former_test(system):
    from opora.insured.models import Person

    assert not Person.objects.exists()


def test_the_program_sees_who_was_made_in_this_test(site, signed_in_browser):
    page = signed_in_browser("alina")
    for _ in range(2):  # the connection outlives a request
        page.goto(site + reverse("workplace:desk"))
        assert "Алиева" in page.inner_text(".who")


def test_without_a_sign_in_the_desk_leads_to_the_door(page, site):
    page.goto(site + reverse("workplace:desk"))
    assert page.url.startswith(site + reverse("account_login"))


def test_an_inline_handler_does_not_run(browser, site):
    context = browser.new_context()  # not the page fixture: a breach would fail the test
    page = context.new_page()
    page.goto(site + reverse("account_login"))
    refused = page.evaluate(
        """() => new Promise(done => {
            document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
            document.body.setAttribute('onclick', 'window.ran = true'); document.body.click(); })"""
    )
    assert refused == "script-src-attr"
    assert page.evaluate("window.ran") is None
    context.close()
