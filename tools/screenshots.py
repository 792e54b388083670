"""Pictures for the README and the pages of the roles: the demonstration, opened as each role in a real Chromium.

./run --port 8000                      # in one terminal
uv run --group dev python tools/screenshots.py http://127.0.0.1:8000 PASSWORD [NAME …]
"""

import re
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from config.browser import FLAGS

OUT = Path(__file__).resolve().parent.parent / "docs" / "img"
WIDE, PHONE, WALL, LONG = (1280, 800), (390, 844), (1920, 1080), (1280, 1500)


@dataclass(frozen=True)
class Picture:
    """One file: who looks («» — a citizen), at what, in which theme; ``search`` is typed, its best hit may be opened.

    ``presses`` is a key of the page, ``then`` what it or the page itself brings. ``{month}`` in a path is the last full
    month, ``{quarter}`` and ``{year}`` are those that hold it."""

    name: str
    login: str
    path: str
    theme: str = "light"
    size: tuple[int, int] = WIDE
    search: str = ""
    opens_first_hit: bool = False
    opens_first_row: bool = False
    presses: str = ""
    then: str = ""


PICTURES = [
    Picture("desk", "sp1", "/"),
    Picture("desk-sp2", "sp2", "/"),
    Picture("intake", "sp1", "/appeals/new/"),
    Picture("intake-dark", "sp1", "/appeals/new/", theme="dark"),
    Picture("intake-phone", "sp1", "/appeals/new/", size=PHONE),
    Picture("journal", "sp2", "/appeals/"),
    Picture("appeal", "sp2", "/appeals/", opens_first_row=True),
    Picture("appeal-dark", "sp2", "/appeals/", opens_first_row=True, theme="dark"),
    Picture("appeal-phone", "sp2", "/appeals/", opens_first_row=True, size=PHONE),
    Picture("supervisor", "supervisor", "/appeals/supervisor/"),
    Picture("board", "admin", "/board/", size=WALL),
    Picture("board-light", "supervisor", "/board/", size=WALL, presses="d", then="html[data-theme=light]"),
    Picture("chat", "sp1", "/chat/"),
    Picture("chat-running", "supervisor", "/chat/running/"),
    Picture("answers", "sp1", "/knowledge/"),
    Picture("classifiers", "sp1", "/classifiers/"),
    Picture("exchange", "supervisor", "/exchange/"),
    Picture("campaign", "supervisor", "/informing/1/"),
    Picture("campaign-dark", "supervisor", "/informing/1/", theme="dark"),
    Picture("campaign-phone", "supervisor", "/informing/1/", size=PHONE),
    Picture("campaign-dry-run", "supervisor", "/informing/3/", presses="d", then="#dry-run"),
    Picture("feedback", "supervisor", "/feedback/"),
    Picture("feedback-message", "supervisor", "/feedback/", opens_first_row=True),
    Picture("complaints", "sp3", "/complaints/"),
    Picture("complaint", "sp3", "/complaints/?stage=with_clinic", opens_first_row=True),
    Picture("complaint-dark", "sp3", "/complaints/?stage=with_clinic", opens_first_row=True, theme="dark"),
    Picture("clinic-inbox", "clinic", "/complaints/inbox/"),
    Picture("bursts", "sp3", "/findings/"),
    Picture("waits", "sp3", "/findings/waiting/"),
    Picture("finding", "sp3", "/findings/list/", opens_first_row=True),
    Picture("finding-dark", "sp3", "/findings/list/", opens_first_row=True, theme="dark"),
    Picture("surveys", "supervisor", "/surveys/"),
    Picture("survey-results", "supervisor", "/surveys/2/results/"),
    Picture("survey-after-talk", "supervisor", "/surveys/4/results/"),
    Picture("deliveries", "supervisor", "/policies/"),
    Picture("routes", "supervisor", "/policies/plan/"),
    Picture("doors", "sp1", "/doors/"),
    Picture("thread", "sp1", "/doors/?state=registered", opens_first_row=True),
    Picture("thread-dark", "sp1", "/doors/?state=registered", opens_first_row=True, theme="dark"),
    Picture("line", "sp1", "/telephony/"),
    Picture("figures", "supervisor", "/telephony/figures/"),
    Picture("staffing", "supervisor", "/staffing/"),
    Picture("staffing-shifts", "supervisor", "/staffing/shifts/"),
    Picture("posts", "sp2", "/posts/"),
    Picture("tablet", "sp2", "/posts/tablet/", size=PHONE, then=".topic"),
    Picture("site", "", "/site/", size=PHONE),
    Picture("site-ask", "", "/s/fund/ask/", size=PHONE),
    Picture("recordings", "supervisor", "/telephony/recordings/"),
    Picture("call-samples", "supervisor", "/telephony/quality/"),
    Picture("ratings", "supervisor", "/telephony/ratings/"),
    Picture("overflow", "admin", "/telephony/overflow/"),
    Picture("proof", "auditor", "/appeals/verify/"),
    Picture("search", "sp1", "/", search="иванов"),
    Picture("person", "sp1", "/", search="иванова", opens_first_hit=True),
    Picture("person-dark", "sp1", "/", search="иванова", opens_first_hit=True, theme="dark"),
    Picture("person-low-vision", "sp1", "/", search="иванова", opens_first_hit=True, theme="low-vision"),
    Picture("person-phone", "sp1", "/", search="иванова", opens_first_hit=True, size=PHONE),
    Picture("organisations", "admin", "/organisations/"),
    Picture("employees", "admin", "/employees/"),
    Picture("roles", "admin", "/roles/"),
    Picture("audit", "auditor", "/audit/"),
    Picture("imports", "admin", "/insured/imports/"),
    Picture("waiting", "op1", "/deadlines/waiting/?service=SPEC&started_on=16.11.2026&suspicion=none"),
    Picture("calendar", "op1", "/deadlines/calendar/?year=2026"),
    Picture("reports", "analyst", "/reports/"),
    Picture("report-dark", "analyst", "/reports/fund-analysis/?period={month}", theme="dark"),
    Picture("report-phone", "analyst", "/reports/fund-analysis/?period={month}", size=PHONE),
    Picture("report-rows", "analyst", "/reports/hmao-number/rows/?of=50000&period={month}&cell=1/all/all"),
    Picture("report-schedules", "analyst", "/reports/schedules/"),
    Picture("report-open", "", "/open/reports/"),
]
# Every form with the period it is made for; whose it is where the widest is not the one that has most to show.
REPORTS = {
    "smo-indicators": "year",
    "pg-a": "year",
    "pg-b": "quarter",
    "pg-b-month": "month",
    "zpz-informing": "month",
    "hmao-number": "month",
    "hmao-kinds": "month",
    "hmao-defence": "month",
    "hmao-complaints": "month",
    "hmao-applications": "month",
    "hmao-explanations": "month",
    "hmao-line-complaints": "month",
    "hmao-line-consultations": "month",
    "hmao-list": "month",
    "informing-month": "month",
    "informing-funnel": "year",
    "fund-analysis": "month",
    "centre-work": "month",
    "surveys-results": "year",
    "deliveries": "year",
}
OF = {"smo-indicators": "&of=54901"}
PICTURES += [
    Picture(f"report-{name}", "analyst", f"/reports/{name}/?period={{{period}}}{OF.get(name, '')}", size=LONG)
    for name, period in REPORTS.items()
]


def main(address: str, password: str, names: list[str]) -> None:
    """Take the pictures of these names, all of them where none is given."""
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
        page.goto(address)
        if not names:
            page.screenshot(path=OUT / "sign-in.png")
        for picture in (one for one in PICTURES if not names or one.name in names):
            context = browser.new_context(
                viewport={"width": picture.size[0], "height": picture.size[1]}, locale="ru-RU", reduced_motion="reduce"
            )
            page = context.new_page()
            if picture.login:
                signed_in(page, address, picture.login, password)
            take(page, address, picture)
            context.close()
        browser.close()


def signed_in(page: Page, address: str, login: str, password: str) -> Page:
    page.goto(address)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(address) + r"/(?!sign-in)"))
    return page


def take(page: Page, address: str, picture: Picture) -> None:
    page.context.add_cookies([{"name": "look", "value": picture.theme, "url": address}])
    page.goto(address + dated(picture.path))
    if picture.search:
        page.keyboard.press("Slash")
        page.keyboard.type(picture.search, delay=30)
        page.wait_for_timeout(900)
        if picture.opens_first_hit:
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(r"/insured/\d+/"))
    if picture.opens_first_row:
        rows = ", ".join(f"a[href^='/{room}/']" for room in ("appeals", "complaints", "doors", "feedback", "findings"))
        page.locator(f"table tbody :is({rows})").first.click()
        page.wait_for_url(re.compile(r"/(appeals|complaints|findings)/[\d-]+/|/(doors|feedback|findings)/[\da-f-]+/"))
    if picture.presses:
        page.keyboard.press(picture.presses)
    if picture.then:
        page.wait_for_selector(picture.then)
    page.wait_for_load_state("load")
    page.wait_for_timeout(900)  # the line of live news stays open: the network is never idle
    page.screenshot(path=OUT / f"{picture.name}.png")


def dated(path: str) -> str:
    """Put the last full month, its quarter and its year into a path."""
    last = datetime.now().astimezone().date().replace(day=1) - timedelta(days=1)
    quarter = f"{last:%Y}-Q{(last.month + 2) // 3}"
    return path.replace("{month}", f"{last:%Y-%m}").replace("{quarter}", quarter).replace("{year}", f"{last:%Y}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3:])
