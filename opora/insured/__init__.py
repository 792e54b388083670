"""Регистр застрахованных — who is insured, by whom, where attached, how to reach; and what they allowed.

Words: Person, Policy, Attachment, Contact, Consent, FormerName, PersonChange; Card (one person in one look), Panel
(what a room above adds to it), identification (is it he who calls). Door: models, services, card, search, panels,
``guard.on_card``, fold (what the calendar changes). Health data do not live here: they will have a room and tables of
their own (handbook 10 §4, class P3).
Law: 326-FZ art. 43–44 (personified record); classifiers F008 (policies), F011 (documents).
"""
