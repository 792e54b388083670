"""Опросы — questionnaires, samples with quotas, interviews, results; no answer leads back to a person."""
