"""The gallery in a real browser: axe-core in every theme and width, and hands that never leave the keyboard."""

import re

import pytest

from opora.shared.tests.axe import findings

pytestmark = pytest.mark.browser

LIGHT, DARK = "light.1.0.black-on-white", "dark.1.0.black-on-white"
LOW_VISION, LOW_VISION_DARK = "low-vision.2.1.black-on-white", "low-vision.1.0.white-on-black"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SMALL_PHONE = {"width": 360, "height": 740}
PAGES = ["/ui/", "/ui/plain/", "/ui/refusal/403/"]


@pytest.fixture
def open_page(page, site):
    def go(path="/ui/", look=LIGHT, size=DESK):
        page.context.add_cookies([{"name": "look", "value": look, "url": site}])
        page.set_viewport_size(size)
        page.goto(site + path)
        return page

    return go


@pytest.mark.parametrize("look", [LIGHT, DARK, LOW_VISION, LOW_VISION_DARK])
def test_axe_finds_nothing_serious_in_the_gallery(open_page, look):
    page = open_page("/ui/", look)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert findings(page, enhanced="low-vision" in look) == []


@pytest.mark.parametrize("look", [LIGHT, DARK, LOW_VISION])
@pytest.mark.parametrize("path", PAGES[1:])
def test_axe_finds_nothing_serious_before_sign_in_and_in_a_refusal(open_page, path, look):
    assert findings(open_page(path, look), enhanced="low-vision" in look) == []


@pytest.mark.parametrize("look", [DARK, LOW_VISION])
def test_form_with_errors_and_open_menu_are_as_good(open_page, look):
    page = open_page(look=look)
    page.click("#sample-form [data-save]")
    page.wait_for_selector("[data-summary]")
    page.click(".who")
    assert findings(page, enhanced="low-vision" in look) == []


def test_axe_would_find_a_fault(open_page):
    page = open_page("/ui/plain/")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<button></button>')")
    assert any("button-name" in finding for finding in findings(page))


@pytest.mark.parametrize("look", [LIGHT, LOW_VISION])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_sticks_out_sideways(open_page, path, look):
    page = open_page(path, look)
    for size in (DESK, PHONE, SMALL_PHONE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], size


def test_low_vision_is_black_and_white_without_pictures(open_page):
    page = open_page(look=LOW_VISION)
    colours = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('body *')].filter(e => e.checkVisibility()).flatMap(e => {
            const s = getComputedStyle(e); return [s.color, s.backgroundColor, s.borderTopColor] }))]"""
    )
    shown = {tuple(map(float, re.findall(r"[\d.]+", colour))) for colour in colours}
    assert {colour[:3] for colour in shown if len(colour) == 3 or colour[3] == 1} == {(0, 0, 0), (255, 255, 255)}
    assert page.locator("svg.icon:not(.sign):visible, img:visible").count() == 0
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24


def test_theme_changes_without_losing_what_was_typed(open_page):
    page = open_page()
    page.fill("#id_surname", "Соловьёва")
    page.click(".who")
    page.click("#person-menu button[value=dark]")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert page.input_value("#id_surname") == "Соловьёва"
    page.reload()
    assert page.get_attribute("html", "data-theme") == "dark"


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")


def test_search_and_rows_by_keys(open_page):
    page = open_page()
    page.keyboard.press("/")
    assert focused(page) == "top-search"
    page.keyboard.type("jк/?")  # keys are letters while typing
    assert page.input_value("#top-search") == "jк/?"
    page.keyboard.press("Escape")
    assert page.input_value("#top-search") == "jк/?"

    for key in "jjjk":
        page.keyboard.press(key)
    assert focused(page).replace("\u00a0", " ") == "Иванова П. С."
    page.keyboard.press("Enter")
    assert page.url.endswith("#54001-2026-001201")


def test_keys_are_places_and_do_not_ask_for_the_layout(open_page):
    page = open_page()
    # «П» sits on the key G, «О» on J: what the browser reports in the Russian layout.
    for code, letter in (("KeyG", "п"), ("KeyJ", "о")):
        page.evaluate(
            "([code, key]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {code, key, bubbles: true}))",
            [code, letter],
        )
    page.wait_for_url("**/ui/#inbox")


def test_sequence_is_forgotten_by_another_key(open_page):
    page = open_page()
    page.keyboard.press("g")
    page.keyboard.press("x")
    page.keyboard.press("h")
    assert "#layout" not in page.url


def test_help_lists_the_keys_of_this_page_and_esc_closes_it(open_page):
    page = open_page()
    page.keyboard.press("Shift+Slash")
    text = page.inner_text("#keys-help")
    assert "Новое обращение" in text
    assert "Журнал" in text
    page.keyboard.press("n")  # keys of the page sleep under a dialog
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_form_with_errors_comes_back_and_the_summary_leads_to_the_field(open_page):
    page = open_page()
    page.fill("#id_birth_on", "31.02.1985")
    page.press("#id_birth_on", "Control+Enter")
    page.wait_for_selector("[data-summary]")
    assert page.evaluate("document.activeElement.matches('[data-summary]')")
    page.click("[data-summary] a >> text=Дата рождения")
    assert page.evaluate("document.activeElement.id") == "id_birth_on"
    assert page.input_value("#id_birth_on") == "31.02.1985"


def test_rules_of_stylesheets_meet_their_fields(open_page):
    """Layers and weights decide in silence: a rule that loses leaves no trace but a page that looks a little wrong."""
    page = open_page()
    fields = page.locator("#sample-form .field")
    assert len({round(fields.nth(number).bounding_box()["x"]) for number in range(fields.count())}) == 1
    note = page.locator("#sample-form textarea")
    rows = int(note.get_attribute("rows"))
    assert note.evaluate("text => text.clientHeight / parseFloat(getComputedStyle(text).lineHeight)") > rows
    page.click("#sample-form [data-save]")
    page.wait_for_selector("[data-summary]")
    wrong, well = page.locator("[aria-invalid=true]").first, page.locator("#sample-form textarea")
    colour = "field => getComputedStyle(field).borderRightColor"
    assert wrong.evaluate(colour) != well.evaluate(colour)


def test_saved_form_tells_so_and_offers_to_undo(open_page):
    page = open_page()
    page.fill("#id_surname", "Иванова")
    page.fill("#id_birth_on", "140385")
    page.select_option("#id_topic", index=1)
    page.press("#id_surname", "Control+Enter")
    toast = page.locator(".toast", has_text="Карточка сохранена")
    toast.get_by_text("Вернуть").click()
    page.locator(".toast", has_text="Вернули как было").wait_for()


def test_day_and_phone_are_tidied_when_the_field_is_left(open_page):
    page = open_page()
    for field, typed, shown in (
        ("#id_birth_on", "14.3.85", "14.03.1985"),
        ("#id_birth_on", "31.02.85", "31.02.85"),
        ("#id_birth_on", "вчера", "вчера"),
        ("#id_phone", "8 (900) 000 00 00", "+7 900 000-00-00"),
        ("#id_phone", "222-15-15", "222-15-15"),
    ):
        page.fill(field, typed)
        page.press(field, "Tab")
        assert page.input_value(field) == shown


def test_a_draft_outlives_a_reload(open_page):
    page = open_page()
    page.fill("#id_note", "Не записали к врачу")
    page.reload()
    assert page.input_value("#id_note") == "Не записали к врачу"


def test_progress_goes_on_by_itself(open_page):
    page = open_page()
    before = page.inner_text(".progress >> nth=0")
    page.wait_for_function("before => document.querySelector('.progress').innerText !== before", arg=before)


def test_panel_is_a_sheet_on_a_phone_and_esc_closes_it(open_page):
    page = open_page(size=PHONE)
    assert not page.is_visible("#panel")
    page.click("[data-toggle-panel]")
    assert page.is_visible("#panel")
    page.keyboard.press("Escape")
    assert not page.is_visible("#panel")


def test_everything_is_reached_by_tab_and_the_focus_is_seen(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert focused(page) == "Сразу к содержанию"
    unseen = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, textarea')]
            .filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0)
            .filter(e => { e.focus({focusVisible: true}); const s = getComputedStyle(e.closest('.segments label') ?? e);
                           return document.activeElement === e && s.outlineStyle === 'none' })
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert unseen == []


def test_without_script_the_page_still_works(browser, site):
    context = browser.new_context(java_script_enabled=False, locale="ru-RU")
    page = context.new_page()
    page.goto(site + "/ui/")
    page.click(".who")  # popovers are the browser's own
    page.click("#person-menu button[value=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.click("#sample-form [data-save]")
    assert page.inner_text("[data-summary]").startswith("Поправьте")
    context.close()
