"""Доставка полисов — a policy brought to the door of who cannot come: request, visits, route, proof of hand-over."""
