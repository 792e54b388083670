"""One list of versions: pyproject.toml says them, requirements.lock adds the hashes."""

import re
import tomllib
from pathlib import Path

HOUSE = Path(__file__).parent.parent
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
REQUIRED = re.compile(r"^[A-Za-z0-9._-]+")


def project() -> dict:
    return tomllib.loads((HOUSE / "pyproject.toml").read_text())


def pins() -> dict[str, str]:
    return dict(PINNED.findall("\n".join(project()["tool"]["uv"]["constraint-dependencies"])))


def test_the_lock_holds_the_pinned_versions():
    locked = dict(PINNED.findall((HOUSE / "requirements.lock").read_text()))
    assert locked == pins(), "just lock"


def test_every_locked_package_has_a_hash_and_no_address():
    text = (HOUSE / "requirements.lock").read_text()
    packages = re.split(r"\n(?=[a-z0-9])", text)
    assert not [package.splitlines()[0] for package in packages if "--hash=sha256:" not in package]
    assert "://" not in text


def test_whatever_is_required_is_pinned():
    asked = [*project()["project"]["dependencies"], *project()["dependency-groups"]["dev"]]
    names = {re.sub(r"[._]", "-", REQUIRED.match(line)[0].lower()) for line in asked}
    assert names <= pins().keys()
