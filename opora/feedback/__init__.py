"""Госуслуги — messages of the platform of feedback (ПОС): shared out, answered, approved, returned in their term.

Words: PosGateway (the port), PosMessage (one message of a citizen, with its appeal of the journal), Step (append-only:
shared out, prepared, approved, given, published, rated, opened again), Errand (what we ask the platform to do).
Law: government decree 1802 of 10.11.2020 (term; fast track). The terms are packs of ``deadlines``.
"""
