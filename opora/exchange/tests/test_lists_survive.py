"""Lists in XML under damage: the controls answer whatever was changed, and what they accept has a meaning."""

import json
import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.exchange.engine import examine
from opora.exchange.lists import BATCHES, batch_of
from opora.exchange.tests.test_samples import CONTEXT
from opora.exchange.tests.test_treewriter import FILES, xml_of

TOKEN = re.compile(r"<(\w+)>[^<]*</\1>|<[^<>]+>|[^<>]+")  # a leaf is one token: most changes leave it an XML
ODD = (
    *("", " ", "0", "-1", "1e9", "99999999999999999999", "١٢", "\u0451" * 300, "Ж", "I10", "НЕТ", "ДН", "DH"),
    *("2026-02-30", "20260230", "3026-01-01", "00010101", "19991231", "1", "2", "10"),
    *("&amp;", "<![CDATA[1]]>", "<!-- -->", "<x/>", "<a:b/>", "<ZAP/>", "</ZAP>", "<INF></INF>"),
)
HOW = ("text", "text", "text", "replace", "drop", "twice", "insert")
PLACES = st.floats(0, 1, exclude_max=True)
CHANGES = st.lists(st.tuples(PLACES, st.sampled_from(HOW), st.sampled_from(ODD)), min_size=1, max_size=4)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), CHANGES)
def test_a_changed_list_is_judged_and_what_is_taken_means_something(
    tmp_path: Path, sample: Path, changes: list[tuple[float, str, str]]
) -> None:
    raw = xml_of(sample)
    codec = "cp1251" if b"windows-1251" in raw[:60].lower() else "utf-8"
    declaration, _, body = raw.decode(codec).partition("?>")
    path = tmp_path / f"{sample.stem}.xml"
    path.write_bytes(f"{declaration}?>{changed(body, changes)}".encode(codec, "xmlcharrefreplace"))
    outcome, content = examine(path, CONTEXT)
    json.dumps(outcome.as_json(), ensure_ascii=False)
    if outcome.format in BATCHES:
        batch_of(outcome, content)


def changed(body: str, changes: list[tuple[float, str, str]]) -> str:
    """Return a list with some of its tokens made into something else."""
    tokens = [found[0] for found in TOKEN.finditer(body)]
    for where, how, odd in changes:
        place = int(where * len(tokens))
        inside = re.sub(">[^<]*<", lambda _, odd=odd: f">{odd}<", tokens[place])
        new = {
            "text": [inside],
            "replace": [odd],
            "drop": [],
            "twice": [tokens[place]] * 2,
            "insert": [odd, tokens[place]],
        }[how]
        tokens[place : place + 1] = new
    return "".join(tokens)
