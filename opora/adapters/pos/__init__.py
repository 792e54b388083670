"""The platform of feedback (ПОС) over HTTP. How it speaks is assumed and stands in ``wire`` alone.

What its operator must confirm: ``docs/feedback.md``.
"""
