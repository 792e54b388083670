"""Чат — a talk by lines with somebody who waits at the other end of a page.

Words: Place (a site whose pages may open the chat), Talk (one conversation, in a queue until somebody takes it),
Line (append-only, in or out).
"""
