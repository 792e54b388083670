"""The history that cannot be rewritten: each organisation's events in one chain of hashes.

``link(n) = sha256(link(n-1) ‖ n ‖ digest(event n))``, the position as eight bytes, ``link(0)`` is 32 zero bytes. The
chainer gives events their places, ``verify`` proves them, ``heads`` are what organisations give each other so that
nobody can rewrite a chain as a whole. For an auditor: docs/journal-proof.md.
"""
