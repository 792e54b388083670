"""Доступ — rights as words, the ``needs`` guard, the scope of a transaction, sign-in.

Words: Right, Scope. Door: rights, guard, scope. People come one floor higher: this room knows an employee only by
``holds(right)`` and ``scope``.
"""
