"""What is copied and how: columns are read from the catalogue, moments and days are moved back, the rest is named here.

Names inside the expressions: ``s`` — a row of the model with ``n`` (which appeal), ``ordinal`` (which row of it),
``registered`` (of the appeal), ``is_away``; ``c`` — which copy, ``m`` — which copy within its year. ``$back`` is how
far a copy is moved.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_KEY = (
    "(lpad(to_hex(floor(extract(epoch FROM s.registered - $back) * 1000)::bigint), 12, '0')"
    " || '7' || lpad(to_hex(c), 3, '0') || '{mark}' || lpad(to_hex({rest}), 15, '0'))::uuid"
)
KEY = _KEY.format(mark="8", rest="s.n")
OWN_KEY = _KEY.format(mark="9", rest="s.n::bigint * 256 + s.ordinal")
PLACE = "CASE WHEN s.is_away THEN '$away' ELSE '$home' END"
HOME_HASH = "(SELECT hash FROM archive.place WHERE NOT is_away)"
PLACE_HASH = f"CASE WHEN s.is_away THEN (SELECT hash FROM archive.place WHERE is_away) ELSE {HOME_HASH} END"  # noqa: S608
# Other people than in the model: all of the register take part, each as often as the next.
PERSON = "JOIN archive.person p ON p.k = (s.n * 7919 + c * 104729::bigint) % $people"
DOCTOR = "JOIN archive.person d ON d.k = (s.n * 31 + c * 17::bigint) % $people"
# What makes texts differ: half of them name a doctor, a fifth has a number of its own.
HAS_DOCTOR, HAS_TICKET, TICKET = "s.n % 2 = 0", "s.n % 5 = 0", "s.n::bigint * 4096 + c"
SEQUENCE = "l.last + row_number() OVER (PARTITION BY s.organisation_id, l.year ORDER BY s.registered - $back)"


@dataclass(frozen=True, slots=True)
class Table:
    """``owner`` is the column with the appeal, ``own`` what some columns become, ``joins`` what they need for it."""

    name: str
    owner: str = "appeal_id"
    own: dict[str, str] = field(default_factory=dict)
    joins: str = ""
    share: int = 1  # one appeal of so many has these rows: a card reads a few of them, and they are half of the disk

    @property
    def model(self) -> str:
        return f"archive.{self.name.removeprefix('appeals_')}"


TABLES = (
    Table("appeals_event", own={"appeal_id": KEY, "id": OWN_KEY, "territory": PLACE}, share=4),
    Table(
        "appeals_grant",
        own={
            "appeal_id": KEY,
            "territory": PLACE,
            "organisation_id": "CASE WHEN s.is_away AND s.organisation_id = $fund THEN $away_fund"
            " ELSE s.organisation_id END",
        },
    ),
    Table(
        "appeals_words",
        own={
            "appeal_id": KEY,
            # The model is of one territory: the hash of the other takes the place of its own.
            "words": f"CASE s.part WHEN 2 THEN p.names || {PLACE_HASH}"
            f" ELSE array_replace(s.words, {HOME_HASH}, {PLACE_HASH})"
            f" || CASE WHEN {HAS_DOCTOR} THEN d.lexemes ELSE '{{}}' END"
            f" || CASE WHEN {HAS_TICKET} THEN appeals_hashes(1::smallint, ARRAY['талон', ({TICKET})::text])"
            " ELSE '{}' END END",
        },
        joins=f"{PERSON} {DOCTOR}",
    ),
    Table(
        "appeals_appeal",
        owner="id",
        own={
            "id": KEY,
            "territory_id": PLACE,
            "year": "l.year",
            "sequence": SEQUENCE,
            "number": f"o.code || '-' || lpad((l.year % 100)::text, 2, '0') || '-' || lpad(({SEQUENCE})::text, 6, '0')",
        },
        joins="JOIN organisations_organisation o ON o.id = s.organisation_id"
        " JOIN archive.numbering l ON l.organisation_id = s.organisation_id"
        " AND l.year = extract(year FROM (s.registered - $back) AT TIME ZONE '$zone')",
    ),
    Table("appeals_answer", own={"appeal_id": KEY, "id": OWN_KEY}, share=4),
    Table(
        "appeals_appealtext",
        own={
            "appeal_id": KEY,
            "text": f"concat(s.text, CASE WHEN {HAS_DOCTOR} THEN ' Врач ' || d.surname || '.' END,"
            f" CASE WHEN {HAS_TICKET} THEN ' Талон ' || ({TICKET}) END)",
        },
        joins=DOCTOR,
    ),
    Table(
        "appeals_party",
        own={
            "appeal_id": KEY,
            "person_id": "p.id",
            **{n: f"p.{n}" for n in ("insurer_id", "surname", "given_name", "patronymic", "birth_on", "enp", "phone")},
        },
        joins=PERSON,
    ),
    Table("appeals_reason", own={"appeal_id": KEY}),
    Table("appeals_clock", own={"appeal_id": KEY, "territory": PLACE}),
)
