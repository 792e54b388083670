"""Row security of the journal as SQL: what a scope may see of an appeal is what its organisation's grant says."""

from opora.shared.row_security import SEES, setting

ALL = f"{SEES} = 'all'"
HOLDER = (
    f"coalesce({setting('insurer', 'bigint')}, {setting('provider', 'bigint')}, {setting('organisation', 'bigint')})"
)
ORGANISATION = setting("organisation", "bigint")


def depth(of: str = "g") -> str:
    """SQL of the depth a grant gives to the level of the scope."""
    level = "current_setting('opora.level', true)"
    return f"CASE {level} WHEN '1' THEN {of}.depth1 WHEN '2' THEN {of}.depth2 ELSE {of}.depth3 END"


def seen(table: str, at_least: int | str, *, by: str = "appeal_id") -> str:
    """SQL: the scope sees the appeal that ``table.by`` names at least so deep."""
    mine = f"g.appeal_id = {table}.{by} AND g.organisation_id = {HOLDER} AND {depth()} >= {at_least}"
    return f"({ALL} OR EXISTS (SELECT 1 FROM appeals_grant g WHERE {mine}))"  # noqa: S608 — our own words
