"""Load one file: read → check → staging → match → one transaction → protocol.

Until the last commit the register is as it was: whatever dies on the way, nothing is half done, and the same command
run again finishes the work.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.insured.importing import staging
from opora.insured.importing.checks import Checker, Options, Verdict
from opora.insured.importing.errors import ImportBusy, ImportRefused
from opora.insured.importing.findings import Finding, Severity, finding
from opora.insured.importing.layout import Layout, lay_out
from opora.insured.importing.merging import Merge, Owner, Summary
from opora.insured.importing.profile import Profile
from opora.insured.importing.protocol import Protocol, protocols
from opora.insured.importing.reference import Reference, read_reference
from opora.insured.models import ImportRun
from opora.insured.models.importing import safe_file_name, sentence_of
from opora.organisations.models import Organisation
from opora.shared.tables import Kind, Source, Table, TableRefused, inspect, open_table

BATCH = 5000
FORMAT = "insured"
SYSTEM = Scope.system("import of the register")
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: one file of one organisation."""

    path: Path
    organisation: Organisation
    mode: str = ImportRun.Mode.DELTA
    profile: Profile = field(default_factory=Profile)
    is_trial: bool = False
    refuses_on_error: bool = False
    closes_absent: bool = False
    protocol_folder: Path | None = None
    by: Any = None
    file_name: str = ""


@dataclass(slots=True)
class Report:
    """What became of a file; ``document`` is its entry in the JSON of ``opora import``."""

    run: int
    file: str
    is_accepted: bool
    is_stored: bool
    records: int
    rejected: int
    warned: int
    summary: Summary
    findings: list[Finding]
    findings_total: int
    protocol: Path | None = None

    def document(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "format": FORMAT,
            "result": "accept" if self.is_accepted else "reject",
            "records_in_file": self.records,
            "accepted": self.summary.accepted if self.is_accepted else 0,
            "rejected": self.rejected,
            "warned": self.warned,
            "stored": self.is_stored,
            "summary": self.summary.as_dict(),
            "findings": [found.public() for found in self.findings],
            "findings_total": self.findings_total,
            "protocol": str(self.protocol) if self.protocol else None,
        }


def load(request: Request, *, run: ImportRun | None = None, progress: Progress | None = None) -> Report:
    """Load a file, or try it. A refused file gives a Report too; the register is then as before.

    Call it outside of a transaction: progress is seen only when it is committed on the way.
    Raises ImportBusy while another file of the organisation is being loaded, ImportRefused for a wrong owner.
    """
    with _alone(request.organisation):
        return _Load(request, run or start(request), progress or (lambda done: None)).go()


def start(request: Request, *, options: dict[str, Any] | None = None) -> ImportRun:
    """Note that a file is going to be loaded."""
    with enter(SYSTEM):
        return ImportRun.objects.create(
            organisation=request.organisation,
            by_id=getattr(request.by, "pk", None),
            by_name=getattr(request.by, "full_name", ""),
            file_name=safe_file_name(request.file_name or request.path.name),
            mode=request.mode,
            profile=request.profile.name[:50],
            is_trial=request.is_trial,
            options=options or {},
        )


@contextmanager
def _alone(organisation: Organisation) -> Iterator[None]:
    """Hold the organisation's lock. The server gives it back when we are killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('opora.insured.import', %s))", [organisation.pk])
        if not cursor.fetchone()[0]:
            raise ImportBusy
        try:
            _bury_the_dead(organisation)
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('opora.insured.import', %s))", [organisation.pk])


def _bury_the_dead(organisation: Organisation) -> None:
    """Runs that were being read when their process died: the lock is ours, so nobody is at work on them."""
    with enter(SYSTEM):
        dead = ImportRun.objects.filter(
            organisation=organisation, state__in=(ImportRun.State.READING, ImportRun.State.MERGING)
        )
        dead.update(state=ImportRun.State.BROKEN, refusal="Загрузка прервана, регистр не изменён. Повторите её.")


class _Refused(Exception):
    """Leaves the merge with everything rolled back."""


class _TrialOver(Exception):
    """Leaves the merge of a dry run: everything was done, nothing is kept."""


class _Load:
    """One load from beginning to end."""

    def __init__(self, request: Request, run: ImportRun, progress: Progress) -> None:
        self._request = request
        self._run = run
        self._progress = progress
        self._today = timezone.localdate()
        self._records = 0
        self._bad = 0
        self._warned = 0
        self._shown = 0
        self._has_header = True
        self._summary = Summary()
        organisation = request.organisation
        is_insurer = organisation.kind in (Organisation.Kind.INSURER, Organisation.Kind.BRANCH)
        self._owner = Owner(
            organisation=organisation.pk,
            insurer=(organisation.parent_id or organisation.pk) if is_insurer else None,
            territory=organisation.territory_id,
            by_id=run.by_id,
            by_name=run.by_name,
            run=run.pk,
        )
        folder = request.protocol_folder or protocols()
        stem = f"{Path(run.file_name).stem}-{run.pk}" if request.protocol_folder else str(run.pk)
        self._protocol = Protocol(folder, stem)

    def go(self) -> Report:
        self._check_owner()
        accepted = False
        refusal = ""
        with self._protocol:
            try:
                source = inspect(self._request.path, encoding=self._request.profile.encoding)
                self._note(state=ImportRun.State.READING, sha256=source.sha256, format=source.kind.value)
                self._tell_of_repetition(source)
                self._stage(source)
                self._note(state=ImportRun.State.MERGING, done_percent=100)
                self._merge()
                accepted = True
            except TableRefused as fault:
                refusal = sentence_of(fault)
                self._refuse(fault)
            except _Refused as fault:
                refusal = str(fault)
            except BaseException:
                self._note(state=ImportRun.State.BROKEN, refusal="Загрузка прервана, регистр не изменён. Повторите её.")
                raise
            finally:
                self._clear()
            report = self._report(accepted)
            self._finish(report, refusal)
        return report

    def _check_owner(self) -> None:
        kinds = Organisation.Kind
        if self._request.organisation.kind not in (kinds.FUND, kinds.INSURER, kinds.BRANCH):
            raise ImportRefused("Регистр загружают фонд и страховые: у этой организации другой вид.")

    def _stage(self, source: Source) -> None:
        profile = self._request.profile
        self._has_header = source.kind is not Kind.XML
        with enter(SYSTEM):
            reference = read_reference()
        with connection.cursor() as cursor:
            staging.prepare(cursor)
            with open_table(source, delimiter=profile.delimiter, record=profile.record) as table:
                self._check_all(cursor, table, reference)
                declared = table.attributes.get("records", "")
        if not self._records:
            self._refuse_by("no_rows")
        if declared.isdecimal() and int(declared) != self._records:
            self._refuse_by("record_count", found=self._records, declared=int(declared))

    def _check_all(self, cursor: Any, table: Table, reference: Reference) -> None:
        options = Options(self._today, settings.ENP_CONTROL == "deny", self._owner.insurer)
        checker, width = self._checker(table, reference, options), len(table.columns)
        batch: dict[str, list[tuple[object, ...]]] = {}
        size = 0
        for row in table:
            if len(table.columns) != width:  # an XML record with a field no record had before
                checker, width = self._checker(table, reference, options), len(table.columns)
            self._records += 1
            self._take(checker.check(row), batch)
            size += 1
            if size >= BATCH:
                self._send(cursor, batch, table.done)
                size = 0
        self._send(cursor, batch, 1.0)
        self._tell_of_columns(checker.layout)

    def _checker(self, table: Table, reference: Reference, options: Options) -> Checker:
        profile = self._request.profile
        layout = lay_out(table.columns, profile.columns, profile.ignore)
        if self._has_header and layout.missing:
            self._refuse_for_columns(layout)
        return Checker(layout, reference, options, profile)

    def _take(self, verdict: Verdict, batch: dict[str, list[tuple[object, ...]]]) -> None:
        for found in verdict.findings:
            self._protocol.add(found)
        if verdict.is_rejected:
            self._bad += 1
            return
        self._warned += bool(verdict.findings)
        for name, rows in verdict.staged.items():
            batch.setdefault(name, []).extend(rows)

    def _send(self, cursor: Any, batch: dict[str, list[tuple[object, ...]]], done: float) -> None:
        for name, rows in batch.items():
            if rows:
                staging.copy(cursor, name, rows)
                rows.clear()
        self._progress(done)
        if int(done * 100) >= self._shown + 2:
            self._shown = int(done * 100)
            self._note(done_percent=self._shown)

    def _merge(self) -> None:
        try:
            with enter(SYSTEM), connection.cursor() as cursor:
                merge = Merge(cursor, self._owner, self._today)
                merge.match()
                refused = merge.errors()
                for found in merge.findings():
                    self._protocol.add(found)
                if self._request.refuses_on_error and self._bad + refused:
                    raise _Refused(f"Строк с ошибками {self._bad + refused}, файл не принят целиком.")
                merge.apply()
                self._summary = merge.summary()
                if self._request.mode == ImportRun.Mode.FULL and self._owner.insurer:
                    self._look_for_absent(merge)
                self._record_in_journal()
                if self._request.is_trial:
                    raise _TrialOver  # noqa: TRY301 — the transaction is to be undone
        except _TrialOver:
            pass
        except IntegrityError as fault:
            raise ImportRefused(
                "Пока файл загружался, кто-то изменил те же карточки. Регистр не изменён, повторите загрузку."
            ) from fault

    def _look_for_absent(self, merge: Merge) -> None:
        closes = self._request.closes_absent
        self._summary.absent = merge.find_absent()
        if closes:
            self._summary.closed = merge.close_absent(self._today - timedelta(days=1))
        for found in merge.absent_findings(closed=closes):
            self._protocol.add(found)

    def _record_in_journal(self) -> None:
        counts = {name: value for name, value in self._summary.as_dict().items() if name != "fields"}
        record("insured.import", self._run, by=self._request.by, details=counts)

    def _refuse(self, fault: TableRefused) -> None:
        self._protocol.add(Finding(None, "", fault.column, "", "file", fault.sentence, Severity.ERROR))

    def _refuse_by(self, code: str, **words: int) -> None:
        found = finding(code, line=None, record="", field="", value="", **words)
        self._protocol.add(found)
        raise _Refused(found.message)

    def _refuse_for_columns(self, layout: Layout) -> None:
        names = ", ".join(layout.missing)
        raise TableRefused(
            f"В заголовке нет обязательных колонок: {names}. Проверьте заголовок или укажите профиль партнёра.", line=1
        )

    def _tell_of_columns(self, layout: Layout) -> None:
        for heading in layout.unknown:
            self._protocol.add(finding("unknown_column", field=heading[:64]))

    def _tell_of_repetition(self, source: Source) -> None:
        with enter(SYSTEM):
            former = (
                ImportRun.objects.filter(
                    organisation=self._run.organisation, sha256=source.sha256, state=ImportRun.State.DONE
                )
                .exclude(pk=self._run.pk)
                .first()
            )
        if former and former.finished_at:
            when = timezone.localtime(former.finished_at).strftime("%d.%m.%Y %H:%M")
            self._protocol.add(finding("repeated_file", when=when))

    def _note(self, **fields: Any) -> None:
        with enter(SYSTEM):
            ImportRun.objects.filter(pk=self._run.pk).update(**fields)

    def _clear(self) -> None:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                staging.drop(cursor)

    def _report(self, accepted: bool) -> Report:
        summary = self._summary if accepted else Summary()
        not_taken = summary.duplicate + summary.no_policy + summary.foreign + summary.ambiguous + summary.skipped
        return Report(
            run=self._run.pk,
            file=self._run.file_name,
            is_accepted=accepted,
            is_stored=accepted and not self._request.is_trial,
            records=self._records,
            rejected=self._bad + not_taken if accepted else self._records,
            warned=self._warned if accepted else 0,
            summary=summary,
            findings=self._protocol.first,
            findings_total=self._protocol.total,
            protocol=self._protocol.csv,
        )

    def _finish(self, report: Report, refusal: str) -> None:
        self._protocol.finish(report.document())
        state = ImportRun.State.REFUSED
        if report.is_accepted:
            state = ImportRun.State.TRIED if self._request.is_trial else ImportRun.State.DONE
        counts = {"records": report.records, "rejected": report.rejected, "warned": report.warned}
        self._note(
            state=state,
            refusal=refusal,
            counts={**counts, "accepted": report.summary.accepted, **report.summary.as_dict()},
            protocol=str(self._protocol.csv),
            finished_at=timezone.now(),
            done_percent=100,
        )
