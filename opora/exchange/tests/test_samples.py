"""Every sample gives what is expected of it. A new sample folder needs no new code."""

import json
from pathlib import Path

import pytest

from opora.exchange.context import read_context, sent_files
from opora.exchange.engine import check

SAMPLES = Path(__file__).parent / "samples"
CASES = sorted(path.parent for path in SAMPLES.glob("*/*/expected.json"))
CONTEXT = read_context(SAMPLES / "context.json")
COMPARED = ("scope", "field", "severity", "record", "code")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_sample(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text())
    channel = str(expected["channel_org"]) if "channel_org" in expected else None
    sent = sent_files(expected["assumes"]["sent"]) if "assumes" in expected else None
    found = check(case / expected["file"], CONTEXT.at(channel=channel, sent=sent)).as_json()
    wanted = expected["expect"]
    assert found["format"] == expected["format"]
    assert found["result"] == wanted["file"]
    for name in ("records_in_file", "accepted", "rejected", "warned"):
        assert found[name] == wanted[name], name
    assert keyed(found["findings"], wanted["findings"]) == keyed(wanted["findings"], wanted["findings"])


def keyed(findings: list[dict], like: list[dict]) -> list[tuple]:
    """Findings without their wording; only the fields that the sample names are compared."""
    names = [name for name in COMPARED if all(name in finding for finding in like)]
    return sorted(tuple(str(finding.get(name)) for name in names) for finding in findings)


def test_there_are_samples() -> None:
    assert len(CASES) >= 160
