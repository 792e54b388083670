"""Сроки — production calendars, working time and terms set by law: pure arithmetic of days over versioned packs.

Words: Calendar, Term, Clock (a term that runs), WaitingLimit, Pack (a dated file of law or calendar).
Door: calendar, clock, waiting (pure); services, queries (packs in the database).
Law: only in ``packs/``; this code knows no paragraph. Counting rules — domain handbook 09 §4, 06 §3.
"""
