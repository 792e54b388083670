"""Promises of every template of the house: nothing inline, nothing from elsewhere, no icon that does not exist."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

HOUSE = Path(__file__).resolve().parents[3]
TEMPLATES = sorted(HOUSE.glob("opora/*/templates/**/*.html"))
SPRITE = HOUSE / "opora/shared/static/vendor/tabler-icons/sprite.svg"
ICONS = set(re.findall(r'symbol id="([^"]+)"', SPRITE.read_text()))

# Files that leave the house stand alone: nobody serves them, and no policy holds where they are opened.
STANDS_ALONE = {"reports/paper.html": ["style element"]}
INLINE = {
    "style attribute": r"<[^>]+\sstyle\s*=",
    "style element": r"<style\b",
    "inline script": r"<script\b(?![^>]*\bsrc=)",
    "event handler": r"<[^>]+\son[a-z]+\s*=",
    "htmx handler": r"\bhx-on[:\-]",
    "computed htmx value": r"hx-(?:vals|headers)\s*=\s*['\"]\s*js:",
    "script address": r"javascript:",
    "foreign address": r"<(?:script|link|img|use|iframe)\b[^>]+(?:src|href)=[\"'](?:https?:)?//",
}


def name_of(path: Path) -> str:
    return path.as_posix().partition("/templates/")[2]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_keeps_the_content_security_policy(path):
    text = re.sub(r"{%.*?%}", "", path.read_text(), flags=re.DOTALL)  # tags have words of their own: querystring on=…
    assert [what for what, pattern in INLINE.items() if re.search(pattern, text, re.IGNORECASE)] == STANDS_ALONE.get(
        name_of(path), []
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles(path):
    get_template(name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_icons_are_in_the_sprite(path):
    asked = re.findall(r'{%\s*icon\s+"([^"]+)"', path.read_text())
    asked += re.findall(r'{%\s*(?:panel|empty_state)\s[^%]*icon="([^"]+)"', path.read_text())
    assert set(asked) <= ICONS


def test_the_scan_sees_what_it_forbids():
    bad = '<p style="color:red" onclick="x()"><script>alert(1)</script><img src="https://example.org/a.png">'
    found = {what for what, pattern in INLINE.items() if re.search(pattern, bad, re.IGNORECASE)}
    assert found == {"style attribute", "event handler", "inline script", "foreign address"}
    assert len(TEMPLATES) > 10
