"""Внешние системы — programs of partners that ask by the API: who they are, what they may, their one-time keys.

Words: ApiPartner, key (one-time, 24 h, shown once), session (half an hour), family (keys in a row), Caller.
Door: models, services, api. Law: domain handbook 10 §3, row 4 (short-lived tokens).
"""
