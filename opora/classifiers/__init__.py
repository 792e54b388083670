"""Классификаторы — coded reference lists with versions and dates of effect, and what partners call the same things.

Words: Edition (one version of one list), Topic (тема обращения, причина жалобы), Mapping (our word ↔ partner's code).
Door: words, models, queries, services. Law is data: lists come from packs in this folder and from
``opora load classifier``. Source: domain handbook 21 §1–3.4.
"""
