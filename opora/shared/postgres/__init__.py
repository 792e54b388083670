"""Свой PostgreSQL — a cluster of its own in the data folder, for the machine that has no database server.

Words: a *cluster* is ``DATA/postgres``; a *lease* is held by everyone who needs it running, the last one out stops it.
Door: ``ensure``, ``hold``, ``stop``, ``status``; ``ClusterRefused`` says why not. No Django here.

The roles inside: ``opora_admin`` is the superuser and only ever makes roles and copies; ``opora`` owns the database,
obeys row security, and is the one the program signs in with.
"""

from opora.shared.postgres.cluster import Status, admin_url, ensure, hold, status, stop
from opora.shared.postgres.errors import ClusterRefused

__all__ = ["ClusterRefused", "Status", "admin_url", "ensure", "hold", "status", "stop"]
