import hashlib
import json
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent
VENDOR = SHARED / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text())


@pytest.mark.parametrize("name", MANIFEST)
def test_borrowed_file_is_what_was_vendored(name):
    assert hashlib.sha256((SHARED / name).read_bytes()).hexdigest() == MANIFEST[name]["sha256"]


def test_every_borrowed_file_is_in_the_manifest():
    found = {str(path.relative_to(SHARED)) for path in VENDOR.rglob("*") if path.is_file()}
    assert found - {"static/vendor/MANIFEST.json"} == {name for name in MANIFEST if name.startswith("static/")}


def test_every_package_brings_its_licence():
    packages = {about["package"] for about in MANIFEST.values()}
    licensed = {about["package"] for name, about in MANIFEST.items() if name.endswith("LICENSE")}
    assert packages == licensed
