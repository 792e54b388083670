"""Вход — how an employee proves who she is: password, code, passkey, an outside provider; her sessions and their end.

Words: sign-in, lock (ten failures; an administrator opens it), idle time-out, purpose. Door: urls, middleware, locks.
Law: domain handbook 10 §3, rows 3 (lock, password), 4 (single sign-on), 5 (every entry leaves a line).
"""
