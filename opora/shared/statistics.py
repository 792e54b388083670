"""What the planner knows of tables: after a great load it knows nothing, and autovacuum comes a minute later."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

# A table whose file has doubled since it was looked at, or that nobody has looked at. Tables cut into parts — by part.
STALE = """
SELECT found.oid::regclass::text
  FROM (SELECT coalesce(leaf.relid, named.oid) AS oid
          FROM unnest(%(tables)s::text[]) AS given (name)
          JOIN pg_class named ON named.oid = given.name::regclass
          LEFT JOIN LATERAL pg_partition_tree(named.oid) leaf ON named.relkind = 'p' AND leaf.isleaf
         WHERE named.relkind <> 'p' OR leaf.isleaf) found
  JOIN pg_class c ON c.oid = found.oid
 WHERE pg_relation_size(c.oid) / current_setting('block_size')::int >= %(pages)s
   AND (c.reltuples < 0 OR pg_relation_size(c.oid) / current_setting('block_size')::int > 2 * c.relpages)
"""
FEW_PAGES = 20  # of a table that small any plan is good


def refresh(tables: Sequence[str]) -> list[str]:
    """Look at tables of which the planner knows nothing or little; return which. Rows of this transaction count.

    A look costs a second or so, whatever the size of the table, and keeps others from looking until the transaction
    ends; nobody who reads or writes waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(STALE, {"tables": list(tables), "pages": FEW_PAGES})
        stale = [name for (name,) in cursor.fetchall()]
        for name in stale:
            cursor.execute(f"ANALYZE {name}")
    return stale
