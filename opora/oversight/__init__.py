"""Надзор — who looked at whom: the page that searches the access log, and its copy for an inspection.

Words: line, reader (who reads the log leaves a line herself). Door: views, queries.
Law: domain handbook 10 §3, rows 5 (filters, visible by right) and 9 (exports are harmless and logged).
"""
