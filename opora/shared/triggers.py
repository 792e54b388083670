"""Triggers that several rooms put on their tables."""

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """Refuse UPDATE, DELETE and TRUNCATE: what was written stays."""
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete), never_emptied()]


def kept_until(parent: str, key: str) -> list[pgtrigger.Trigger]:
    """Refuse UPDATE and TRUNCATE, and DELETE before ``forget_at`` of the row of table ``parent`` that ``key`` names."""
    return [
        pgtrigger.Trigger(
            name="stays",
            operation=pgtrigger.Update | pgtrigger.Delete,
            when=pgtrigger.Before,
            declare=[("until_moment", "timestamptz")],
            func=f"""
                IF TG_OP = 'UPDATE' THEN
                  RAISE EXCEPTION 'append-only: % stays as it was', TG_TABLE_NAME;
                END IF;
                SELECT forget_at INTO until_moment FROM {parent} WHERE id = OLD.{key};
                IF until_moment IS NULL OR until_moment > now() THEN
                  RAISE EXCEPTION 'append-only: % stays until it may be forgotten', TG_TABLE_NAME;
                END IF;
                RETURN OLD;
            """,  # noqa: S608 - both names are those of our own models
        ),
        never_emptied(),
    ]


def never_emptied() -> pgtrigger.Trigger:
    """Refuse TRUNCATE."""
    return pgtrigger.Trigger(
        name="keep_all",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'append-only: % is never emptied', TG_TABLE_NAME;",
    )
