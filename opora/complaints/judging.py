"""What the case of a complaint lets the journal do with the appeal. Registered in ``apps.py``."""

from __future__ import annotations

from opora.access.scope import Scope, enter
from opora.appeals.judging import Judged
from opora.appeals.models import Appeal, Reason
from opora.classifiers.words import Kind, Verdict
from opora.complaints import rules
from opora.complaints.models import Case
from opora.complaints.services._step import facts_of
from opora.complaints.services.ending import unfinished
from opora.complaints.words import CaseStage

WORKED_ON = frozenset({CaseStage.RECORDS, CaseStage.CONTROL, CaseStage.WITH_CLINIC, CaseStage.CLAIM})
CANCEL = "Если жалобу отозвали, сначала отмените проверку в деле."
DECIDED = frozenset({CaseStage.READY, CaseStage.CLOSED})


def judged(appeal: Appeal) -> Judged | None:
    """Return what the case of a complaint has come to, None where there is no case. At most nine queries.

    Who closes the appeal need not see the case: it decides all the same. A complaint without reasons has nothing the
    case could decide, so its verdict is the journal's.
    """
    if appeal.kind != Kind.COMPLAINT:
        return None
    with enter(Scope.system("an appeal is closed by what its case has come to")):
        case = Case.objects.filter(pk=appeal.pk).first()
        if case is None:
            return None
        facts = facts_of(case)
        verdicts = list(Reason.objects.filter(appeal=appeal).values_list("verdict", flat=True))
    stage = rules.stage(facts)
    why = f"Дело по жалобе {appeal.number} не закончено. {unfinished(facts)}" if stage not in DECIDED else ""
    if stage in WORKED_ON:
        return Judged(under_way=f"{why} {CANCEL}")
    is_journals = stage is CaseStage.VERDICT and not verdicts
    return Judged(undecided="" if is_journals else why, verdicts=_agreeing(verdicts))


def _agreeing(verdicts: list[str]) -> tuple[Verdict, ...]:
    """Return the verdicts of an appeal that say what those of its reasons say; the strongest of these first.

    >>> _agreeing(["unjustified", "pretrial"])
    (Verdict.PRETRIAL, Verdict.JUSTIFIED, Verdict.COURT)
    >>> _agreeing(["unjustified"]), _agreeing([""])
    ((Verdict.UNJUSTIFIED,), ())
    """
    if not verdicts or not all(verdicts):
        return ()
    justified = [Verdict.COURT, Verdict.PRETRIAL, Verdict.JUSTIFIED]
    first = next((one for one in justified if one in verdicts), None)
    if first is None:
        return (Verdict.UNJUSTIFIED,)
    return (first, *(one for one in reversed(justified) if one is not first))
