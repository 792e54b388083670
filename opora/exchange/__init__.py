"""Обмен — partners' files: a format is a recogniser, a reader, controls, an answer.

Words: Format, Record, Finding, Outcome, Context (what the receiver knows). Door: engine.check, formats.FORMATS.
Source: domain handbook 20 (formats), 21 (code lists). One module per format in ``formats/``; none knows the database:
what must be known about organisations, employees and classifiers comes in the Context.
"""
