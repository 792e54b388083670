"""What is hashed: the one expression over an event, used by the chainer and by whoever verifies.

Why it is canonical — no two different events share bytes, and one event has the same bytes on every machine:

* ``record_send`` writes the number of fields and, for each, its type, its length (−1 for NULL) and its binary form, so
  that nothing can flow from one field into its neighbour, and NULL is not an empty text;
* moments go as microseconds in UTC, numbers as big-endian integers, ids as 16 bytes: no time zone, no locale;
* texts go as UTF-8 (``require_utf8`` asks the connection), ``details`` as the text of jsonb: keys sorted, each once,
  numbers as they were written; a copy of the database restores the same text;
* every field is cast to a fixed built-in type: a column made wider by a later migration keeps its digests.

The expression stands here and not in a function of the database: whoever can change functions there could teach one
to lie, and then the verifier would believe it.
"""

from hashlib import sha256
from pathlib import Path

from django.db import connection

from opora.shared.sql import text

SQL = Path(__file__).resolve().parent.parent / "sql"
GENESIS = bytes(32)

EVENT = (
    "pg_catalog.sha256(pg_catalog.record_send(ROW("
    "e.at::timestamptz, e.id::uuid, e.appeal_id::uuid, e.territory::text, e.organisation_id::int8, e.kind::text,"
    " e.employee_id::int8, e.employee_name::text, e.line::text, e.depth::int4, e.details::jsonb, e.text::text)))"
)


def link_hash(former: bytes, position: int, digest: bytes) -> bytes:
    """Return the hash of the link at ``position``.

    >>> link_hash(GENESIS, 1, bytes(32)).hex()[:16]
    'f82db6e0de46a257'
    """
    return sha256(former + position.to_bytes(8, "big") + digest).digest()


def statement(name: str) -> str:
    """Return the statement of ``sql/name.sql`` with the digest of the event ``e`` in its place."""
    return text(SQL / f"{name}.sql").replace("digest_of_event", EVENT)


def require_utf8() -> None:
    """Make the connection speak UTF-8: ``record_send`` writes texts as the client reads them."""
    with connection.cursor() as cursor:
        cursor.execute("SET client_encoding TO 'UTF8'")
