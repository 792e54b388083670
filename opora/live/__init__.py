"""Живые новости — a small process that tells open desks what has just happened.

Words: News (what happened, without a word of personal data), Ticket (who listens to what, signed), stream (SSE).
Door: news.publish, tickets.issue. The process knows channels and rights, no page and no card.
"""
