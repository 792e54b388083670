"""Which row of a report an appeal is counted in. No database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from opora.classifiers.tables import ANY, table

type TopicRows = Mapping[str, Mapping[str, str]]


def report_rows(topic_rows: TopicRows, kind: str, flags: Collection[str], generation: str) -> tuple[str, ...]:
    """Return the rows an appeal is counted in, the deepest first, each part of the next.

    ``flags`` are all flags of the appeal, those of its topic among them. Exactly one row is the deepest: where several
    flags pull into several rows, the order of the rules of the form decides. A complaint of ``pg-b`` is counted in what
    this returns when it is justified; rows 1 and 2 count appeals and complaints of any topic and are not returned.
    Empty when the topic says nothing of this generation (``queries.rows_of`` then asks later editions) or has no code.

    >>> report_rows({"pg-b": {"complaint": "3.6"}}, "complaint", {"oncology", "waiting"}, "pg-b")
    ('3.6.2.1', '3.6.2', '3.6', '3')
    >>> report_rows({"pg-a": {"complaint": "ж13"}}, "complaint", set(), "pg-a")
    ('ж13.1', 'ж13')

    Source: domain handbook 21 §3.1, §3.3, §3.4.
    """
    own = topic_rows.get(generation)
    if own is None:
        return ()
    form = table(generation)
    row = own.get(kind) or own.get(ANY) or form.defaults.get(kind)
    return form.path(form.refined(row, flags)) if row else ()
