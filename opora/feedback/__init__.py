"""Госуслуги — messages of the platform of feedback (ПОС): shared out, answered, approved, returned in their term.

Words: FeedbackPlatform (the port), PosMessage (one message of a citizen), Step (append-only: shared out, prepared,
approved, sent, rated, opened again).
"""
