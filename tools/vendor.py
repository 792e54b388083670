"""Bring what the pages borrow from npm packages into the repository: pinned, unpacked, with licences and hashes.

Run it by hand after changing a pin: ``python tools/vendor.py``. It needs npm; the program and its tests do not.
"""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parent.parent / "opora" / "shared"
MANIFEST = SHARED / "static" / "vendor" / "MANIFEST.json"
ICON_PACKAGE = "@tabler/icons"
SPRITE = "static/vendor/tabler-icons/sprite.svg"


@dataclass(frozen=True)
class Package:
    """One npm package: where its files go, relative to ``opora/shared``."""

    name: str
    version: str
    licence: str
    files: dict[str, str]


FONT = "static/vendor/golos-text"
CHARTS = "static/vendor/echarts"
PACKAGES = (
    Package(
        "@fontsource-variable/golos-text",
        "5.3.0",
        "OFL-1.1",
        {
            "files/golos-text-cyrillic-wght-normal.woff2": f"{FONT}/cyrillic.woff2",
            "files/golos-text-cyrillic-ext-wght-normal.woff2": f"{FONT}/cyrillic-ext.woff2",
            "files/golos-text-latin-wght-normal.woff2": f"{FONT}/latin.woff2",
            "files/golos-text-latin-ext-wght-normal.woff2": f"{FONT}/latin-ext.woff2",
            "LICENSE": f"{FONT}/LICENSE",
        },
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        {"dist/htmx.min.js": "static/vendor/htmx/htmx.min.js", "LICENSE": "static/vendor/htmx/LICENSE"},
    ),
    Package(ICON_PACKAGE, "3.51.0", "MIT", {"LICENSE": "static/vendor/tabler-icons/LICENSE"}),
    Package(
        "echarts",
        "6.1.0",
        "Apache-2.0",
        {
            "dist/echarts.common.min.js": f"{CHARTS}/echarts.common.min.js",
            "LICENSE": f"{CHARTS}/LICENSE",
            "NOTICE": f"{CHARTS}/NOTICE",
            "licenses/LICENSE-d3": f"{CHARTS}/LICENSE-d3",
        },
    ),
    Package(  # later versions come without the file for browsers
        "jssip",
        "3.12.0",
        "MIT",
        {"dist/jssip.min.js": "static/vendor/jssip/jssip.min.js", "LICENSE": "static/vendor/jssip/LICENSE"},
    ),
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        {"axe.min.js": "tests/vendor/axe-core/axe.min.js", "LICENSE": "tests/vendor/axe-core/LICENSE"},
    ),
)

# Add a name from tabler.io/icons to the list and run the script.
ICONS = (Path(__file__).parent / "icons.txt").read_text().split()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        archives = {package.name: _pack(package, Path(folder)) for package in PACKAGES}
    entries = dict(entry for package in PACKAGES for entry in _unpack(package, archives[package.name]))
    icons = next(package for package in PACKAGES if package.name == ICON_PACKAGE)
    entries |= [_write(icons, SPRITE, _sprite(archives[ICON_PACKAGE]))]
    MANIFEST.write_text(json.dumps(dict(sorted(entries.items())), ensure_ascii=False, indent=2) + "\n")
    sys.stdout.write(f"{len(entries)} files, {len(ICONS)} icons\n")


def _pack(package: Package, folder: Path) -> bytes:
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
    return (folder / name).read_bytes()


def _unpack(package: Package, archive: bytes) -> list[tuple[str, dict[str, str]]]:
    return [_write(package, target, _read(archive, source)) for source, target in package.files.items()]


def _read(archive: bytes, path: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        member = tar.extractfile(f"package/{path}")
        if member is None:
            raise FileNotFoundError(path)
        return member.read()


def _write(package: Package, target: str, content: bytes) -> tuple[str, dict[str, str]]:
    path = SHARED / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    about = {"package": package.name, "version": package.version, "licence": package.licence, "sha256": digest}
    return target, about


def _sprite(archive: bytes) -> bytes:
    """Return one SVG of symbols; stroke and fill are inherited from ``.icon`` in our stylesheet."""
    wanted = {f"package/icons/outline/{name}.svg": name for name in ICONS}
    symbols = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            if member.name in wanted and (file := tar.extractfile(member)):
                symbols[wanted[member.name]] = _symbol(wanted[member.name], file.read().decode())
    if missing := set(ICONS) - set(symbols):
        raise FileNotFoundError(f"no such icons: {', '.join(sorted(missing))}")
    lines = ["<svg xmlns='http://www.w3.org/2000/svg'>", *(symbols[name] for name in sorted(symbols)), "</svg>"]
    return "\n".join([*lines, ""]).encode()


def _symbol(name: str, svg: str) -> str:
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    body = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", body)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{re.sub(r"\s+", " ", body).replace("> <", "><").strip()}</symbol>'


if __name__ == "__main__":
    main()
