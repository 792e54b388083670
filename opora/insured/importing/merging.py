"""From staging into the register, set by set, inside the caller's transaction."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from opora.insured.importing import staging
from opora.insured.importing.findings import Finding, finding

SQL = Path(__file__).parent / "sql"
PAGE = 2000


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is and who stands behind the changes."""

    organisation: int
    insurer: int | None  # None for the fund
    territory: str
    by_id: int | None = None
    by_name: str = ""
    run: int | None = None

    @property
    def source(self) -> str:
        return "insurer" if self.insurer else "register"


@dataclass(slots=True)
class Summary:
    """What a file changes. ``fields`` counts changed fields of known people, ``person.surname`` and so on."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ambiguous: int = 0
    duplicate: int = 0
    foreign: int = 0
    skipped: int = 0
    no_policy: int = 0
    absent: int = 0
    closed: int = 0
    fields: dict[str, int] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        return self.new + self.changed + self.unchanged

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Merge:
    """One merge of what lies in staging. The caller opens the transaction and the scope."""

    def __init__(self, cursor: Any, owner: Owner, today: date) -> None:
        self._cursor = cursor
        self._owner = owner
        self._words = {
            "organisation": owner.organisation,
            "insurer": owner.insurer,
            "territory": owner.territory,
            "today": today,
            "by_id": owner.by_id,
            "by_name": owner.by_name,
            "run": owner.run,
            "source": owner.source,
            "told": f"загрузка {owner.run}" if owner.run else "загрузка",
        }

    def match(self) -> None:
        """Say of every row who it is. Afterwards ``findings`` tells what cannot be loaded."""
        # One merge at a time: two files with the same newcomer would otherwise both think him new.
        self._cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('opora.insured.merge', 0))")
        self._cursor.execute("SET LOCAL work_mem = '96MB'; SET LOCAL jit = off")
        self._cursor.execute("DROP TABLE IF EXISTS pg_temp.found, pg_temp.change, pg_temp.policy_in")
        self._cursor.execute("DROP TABLE IF EXISTS pg_temp.attachment_in, pg_temp.contact_in, pg_temp.was")
        staging.analyse(self._cursor)
        self._remember()
        self._run("match")
        if self._owner.insurer:
            self._run("foreign")

    def apply(self) -> None:
        """Write everything that is certain, and the work list of what is not."""
        for name in ("persons", "coverage", "details"):
            self._run(name)
        if self._owner.run:
            self._run("tasks")

    def close_absent(self, yesterday: date) -> int:
        """End the policies of people a full file no longer names; return how many."""
        self._cursor.execute(
            "UPDATE insured_policy o SET until = %(until)s FROM absent a"
            " WHERE o.person_id = a.person_id AND o.insurer_id = %(insurer)s"
            "   AND o.until IS NULL AND o.since <= %(until)s",
            {"until": yesterday, "insurer": self._owner.insurer},
        )
        closed = int(self._cursor.rowcount)
        self._cursor.execute(
            'INSERT INTO insured_personchange (person_id, by_id, by_name, source, "row", field, before, after)'
            " SELECT person_id, %(by_id)s, %(by_name)s, %(told)s, 'policy', 'until', '', %(until)s FROM absent",
            {**self._words, "until": yesterday.isoformat()},
        )
        return closed

    def find_absent(self) -> int:
        """People insured by the owner whom a full file does not name; return how many."""
        self._cursor.execute("DROP TABLE IF EXISTS pg_temp.absent")
        self._cursor.execute(
            "CREATE TEMPORARY TABLE absent AS SELECT p.id AS person_id FROM insured_person p"
            " WHERE p.insurer_id = %(insurer)s AND p.territory_id = %(territory)s AND p.died_on IS NULL"
            "   AND NOT EXISTS (SELECT 1 FROM found f WHERE f.person_id = p.id)"
            "   AND NOT EXISTS (SELECT 1 FROM found f WHERE f.verdict = 'ambiguous' AND p.id = ANY (f.candidates))",
            self._words,
        )
        return int(self._cursor.rowcount)

    def findings(self) -> Iterator[Finding]:
        """What matching found wrong, in the order of lines, with the number that was written as the value."""
        for line, record, verdict, why, twin, value in self._page(
            "SELECT f.line, coalesce(s.record, ''), f.verdict, coalesce(f.why, ''), f.twin,"
            "       coalesce(s.enp, s.snils, '')"
            " FROM found f JOIN stage_person s USING (line) WHERE f.verdict NOT IN ('new', 'same') ORDER BY f.line"
        ):
            words = {"duplicate": {"twin": twin}, "ambiguous": {"why": why}}.get(verdict, {})
            yield finding(verdict, line=line, record=record, field="enp", value=value, **words)

    def absent_findings(self, *, closed: bool) -> Iterator[Finding]:
        """People a full file forgot; the value is their ЕНП."""
        for enp, pk in self._page(
            "SELECT coalesce(p.enp, ''), p.id FROM absent a JOIN insured_person p ON p.id = a.person_id ORDER BY p.id"
        ):
            yield finding(
                "absent_closed" if closed else "absent", line=0, record=f"карточка {pk}", field="enp", value=enp
            )

    def summary(self) -> Summary:
        """Count what was matched and, after ``apply``, what has changed."""
        verdicts: Counter[str] = Counter(dict(self._rows("SELECT verdict, count(*) FROM found GROUP BY 1")))
        fields = self._rows("SELECT \"row\" || '.' || field, count(*) FROM change GROUP BY 1 ORDER BY 1")
        changed = self._rows("SELECT count(DISTINCT person_id) FROM change")[0][0]
        return Summary(
            new=verdicts["new"],
            changed=changed,
            unchanged=verdicts["same"] - changed,
            fields=dict(fields),
            **{name: verdicts[name] for name in ("ambiguous", "duplicate", "foreign", "skipped", "no_policy")},
        )

    def errors(self) -> int:
        """How many rows matching refuses outright."""
        found = self._rows("SELECT count(*) FROM found WHERE verdict IN ('duplicate', 'no_policy')")
        return int(found[0][0])

    def _remember(self) -> None:
        self._cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM insured_matchtask"
            "                WHERE organisation_id = %(organisation)s AND state <> 'open')",
            self._words,
        )
        if self._cursor.fetchone()[0]:
            self._run("decided")

    def _run(self, name: str) -> None:
        self._cursor.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"), self._words)

    def _rows(self, question: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(question)
        return list(self._cursor.fetchall())

    def _page(self, question: str) -> Iterator[tuple[Any, ...]]:
        """Read a long answer by pages, so that memory does not grow with the file."""
        self._cursor.execute(f"DECLARE told NO SCROLL CURSOR FOR {question}")
        try:
            while True:
                self._cursor.execute(f"FETCH {PAGE} FROM told")
                rows = self._cursor.fetchall()
                yield from rows
                if len(rows) < PAGE:
                    return
        finally:
            self._cursor.execute("CLOSE told")
