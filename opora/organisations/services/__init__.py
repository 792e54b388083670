"""Commands of the room, by noun: organisations, parts, hours, employees, assignments, roles.

Each is one verb, one transaction, one audit line. ``by`` is who does it; None is the console of the server.
"""
