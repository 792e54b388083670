"""Регистр застрахованных — who is insured, by whom, where attached, how to reach; and what they allowed.

Words: Person, Policy, Attachment, Contact, Consent, FormerName, PersonChange. Door: models, services, queries, search,
panels (rooms above add theirs to the person's page). Health data do not live here: they will have a room and tables of
their own (handbook 10 §4, class P3).
Law: 326-FZ art. 43–44 (personified record); classifiers F008 (policies), F011 (documents).
"""
