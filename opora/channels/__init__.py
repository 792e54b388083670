"""Каналы — how a text leaves the house and what comes back; of campaigns and touches this room knows nothing.

Words: Provider (who carries texts for an organisation), Gateway and its session (a port, one adapter per protocol),
Outgoing (one text to one address), Receipt (what the provider said of it, append-only), Health (how it is doing now).
Door: ports, models, services, queries, segments, balance, states. Law: domain handbook 10 §3 rows 14, 15 and 17.
"""
