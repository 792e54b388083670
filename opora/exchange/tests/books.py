"""A code book for tests: the lists of handbook 21 §1; topics keep their codes."""

from opora.exchange.codebook import PairsBook
from opora.exchange.tests.test_samples import CONTEXT

ONE_TO_ONE = {
    "kind": {"1": "consultation", "2": "complaint", "3": "proposal", "4": "application", "5": "out_of_scope"},
    "origin": {
        "1": "direct",
        "2": "federal_fund",
        "3": "federal_authority",
        "4": "regional_authority",
        "5": "other",
        "6": "ministry_centre",
    },
    "channel": {"1": "hot_line", "2": "internet", "3": "letter", "4": "visit", "5": "post"},
    "verdict": {"1": "justified", "1.1": "pretrial", "1.2": "court", "2": "unjustified"},
    "responsible": {
        "1": "fund",
        "2": "insurer",
        "3": "fund_outsourced",
        "4": "insurer_outsourced",
        "5": "provider",
        "6": "authority",
        "7": "provider_outsourced",
        "8": "authority_outsourced",
    },
    "outcome": {
        "1": "consulted",
        "2": "considered",
        "3": "granted",
        "4": "not_granted",
        "5": "complaint_considered",
        "6": "call_redirected",
        "7": "redirected",
        "8": "proposal_considered",
    },
    "line": {"1": "op1", "2": "op2", "3": "sp1", "4": "sp2", "5": "sp3", "6": "other"},
    "outside": {"1": "provider", "2": "authority", "3": "insurer", "4": "territory"},
    "topic": {code: code for code in sorted(CONTEXT.themes)},
}
BACK = {of: {ours: theirs for theirs, ours in pairs.items()} for of, pairs in ONE_TO_ONE.items()}
ONLY_WRITTEN = {"kind": {"thanks": "5"}, "channel": {"chat": "2", "feedback": "2", "messenger": "2", "call": "1"}}
BOOK = PairsBook(ONE_TO_ONE, {of: pairs | ONLY_WRITTEN.get(of, {}) for of, pairs in BACK.items()})
