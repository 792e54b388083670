"""Системные нарушения — what one appeal does not show: waits over the limit, bursts of a topic at one clinic.

Words: Fact (what one appeal says of a clinic), Day (facts counted), Watch (a week that was tested), Alarm (всплеск),
Finding (системное нарушение: decision, letter, measures, whether it stopped). Facts are read from the journal's chain
and may be counted anew at any time. Door: models, services, queries, radar, watching.
Law: ПГГ (waiting limits); 326-ФЗ ст. 16, 38, 40. Source: domain handbook 05, 06.
"""
