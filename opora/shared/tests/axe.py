"""axe-core as tests ask it: what is wrong with this page for people who see, hear or move differently."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

AT_REST = """() => Promise.allSettled(
    document.getAnimations().filter(a => a.effect.getTiming().iterations < 9).map(a => a.finished))"""


@cache
def _script() -> str:
    return SCRIPT.read_text()


def findings(page: Page, *, enhanced: bool = False) -> list[str]:
    """Return serious and critical findings; ``enhanced`` asks for contrast 7 : 1 (the low-vision version)."""
    page.evaluate(AT_REST)
    page.evaluate(_script())
    options = {
        "runOnly": {"type": "tag", "values": STANDARDS},
        "resultTypes": ["violations"],  # what passed is not written out, which takes a third of the time
        "rules": {"color-contrast-enhanced": {"enabled": enhanced}},
    }
    result = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{fault['id']}: {node['html'][:160]} — {node['failureSummary'][:240]}"
        for fault in result["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]
