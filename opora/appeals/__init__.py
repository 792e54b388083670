"""Журнал обращений — the journal of appeals: taken, carried through three levels, answered in time, not rewritten.

Words: Appeal (обращение, the fold of its events), Event, Party (applicant, person concerned, proxy), Reason (of a
complaint), Grant (what an organisation sees of an appeal), Clock, Callback (promise to phone back), Answer, ChainLink.
Door: models, services, queries, events. Rows: docs/journal.md.
Source: 59-FZ art. 8–12; domain handbook 01, 02, 09.
"""
