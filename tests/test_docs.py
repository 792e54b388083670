"""What the documents promise is there: names of the glossary, a page for every role, files they point at."""

import re
from functools import cache
from pathlib import Path

import pytest

from opora.organisations.roles import DEFAULT_ROLES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
OURS = [DOCS / "architecture.md", DOCS / "glossary.md", *sorted((DOCS / "ru").rglob("*.md"))]


@cache
def source() -> str:
    files = [path for path in (ROOT / "opora").rglob("*.py") if "tests" not in path.parts]
    return "\n".join(path.read_text() for path in files)


def words_of_the_glossary() -> list[str]:
    cells = [line for line in (DOCS / "glossary.md").read_text().splitlines() if line.startswith("| ")]
    return sorted({name for line in cells for name in re.findall(r"`([A-Za-z_.0-9]+)`", line) if "/" not in name})


@pytest.mark.parametrize("name", words_of_the_glossary())
def test_the_code_uses_the_word(name: str) -> None:
    *_, last = name.removesuffix(".py").split(".")
    assert re.search(rf"\b{last}\b", source()) or (ROOT / "opora" / "organisations" / name).exists()


def test_every_role_has_a_page_and_is_listed() -> None:
    listed = (DOCS / "ru" / "README.md").read_text()
    for role in DEFAULT_ROLES:
        assert (DOCS / "ru" / "roles" / f"{role.slug}.md").exists(), role.slug
        assert f"(roles/{role.slug}.md)" in listed, role.slug


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_files_named_by_the_architecture_exist() -> None:
    for name in re.findall(
        r"`((?:opora|tests|shared|organisations)/[\w/.]+\.py)`", (DOCS / "architecture.md").read_text()
    ):
        assert (ROOT / name).exists() or (ROOT / "opora" / name).exists(), name
