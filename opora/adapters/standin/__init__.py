"""Заглушка канала — stands in for Госуслуги, a messenger or any provider: keeps what it was given and answers.

Nothing leaves the machine. Receipts survive a restart: what was kept and not answered yet is answered by whoever opens
the next session. Door: gateway.StandinGateway; the page is ``channels:given``.
"""
