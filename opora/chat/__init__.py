"""Чат — a talk by lines with somebody who waits at the other end of a page.

Words: Place (the chat of one organisation: its page and the sites whose pages may open it), Talk (one conversation, in
a queue until somebody takes it), Line (append-only, numbered within its talk). Door: services, queries.
The citizen has no account: his browser keeps a key, the table its hash.
"""
