"""Журнал доступа — who did and who looked at what; append-only, no foreign keys, outlives everyone it names.

Words: AuditLine. Door: ``record``, ``context``, models, queries.
Law: domain handbook 10 §3 (rows 5, 7): type, initiator, address, result; reading a card and searching leave a line.
"""
