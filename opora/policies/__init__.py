"""Доставка полисов — a policy brought to the door of who cannot come: request, visits, route, proof of hand-over.

Words: Delivery (a request), DeliveryEvent (what happened to it), Courier, Route (a courier's day), Visit (one call at a
door), HandOver (the proof), Notice (a text before the visit), AddressPoint (where a house stands).
Door: models, services, queries, figures, routing. Source: domain handbook 04 §1, indicator 2; 12, question 16.
"""
