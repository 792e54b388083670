"""Charts in a real browser: drawn under the strict policy, readable as tables, found good by axe-core."""

import pytest

from opora.shared.tests.axe import findings

pytestmark = pytest.mark.browser

DRAWN = 4  # of the samples; the heatmap is a table, the empty one is a sentence
LOOKS = ["light.1.0.black-on-white", "dark.1.0.black-on-white", "low-vision.1.0.black-on-white"]
PHONE = {"width": 390, "height": 5000}
DESK = {"width": 1280, "height": 5000}


@pytest.fixture
def open_charts(page, site):
    def go(look=LOOKS[0], size=DESK):
        page.context.add_cookies([{"name": "look", "value": look, "url": site}])
        page.set_viewport_size(size)
        page.goto(f"{site}/ui/charts/")
        page.locator("[data-drawn]").nth(DRAWN - 1).wait_for(state="attached")
        return page

    return go


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_sticks_out(open_charts, look):
    page = open_charts(look, PHONE)
    assert findings(page, enhanced="low-vision" in look) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in page.locator("[data-chart-table]:visible").all():
        button.click()
    assert findings(page, enhanced="low-vision" in look) == []


def test_the_table_opens_by_key_and_a_hidden_link_shows_itself_when_reached(open_charts):
    page = open_charts()
    button, table = page.locator("[data-chart-table]").first, page.locator(".chart-table").first
    assert table.bounding_box()["width"] == 1
    table.locator("a").first.focus()
    assert table.bounding_box()["width"] > 300
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert table.bounding_box()["width"] > 300


def test_a_click_on_a_bar_opens_its_rows_and_the_pointer_tells_the_numbers(open_charts):
    page = open_charts()
    box = page.locator("canvas").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.85, box["y"] + box["height"] * 0.8)  # a tooltip breaks no policy
    page.mouse.click(box["x"] + box["width"] * 0.85, box["y"] + box["height"] * 0.8)
    page.wait_for_url("**/ui/charts/?kind=1#charts")


def test_a_theme_repaints(open_charts):
    page = open_charts()
    before = page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()") != before


def test_on_paper_there_are_the_drawing_of_lines_and_the_table(open_charts):
    page = open_charts()
    page.emulate_media(media="print")
    assert page.locator("canvas:visible").count() == 0
    assert page.locator(".chart-drawing svg:visible").count() == DRAWN
    assert page.locator(".chart-table").first.bounding_box()["width"] > 300


def test_without_a_script_the_drawing_and_the_table_are_seen(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/ui/charts/")
    assert page.locator(".chart-drawing svg:visible").count() == DRAWN
    assert page.locator(".chart-table table:visible").count() == DRAWN + 1
    assert page.locator("[data-chart-table]:visible").count() == 0
    context.close()


def test_other_pages_load_no_library(page, site):
    page.goto(f"{site}/ui/plain/")
    asked = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert not [name for name in asked if "chart" in name]
