"""Жалобы и контроль — a complaint under expert control: was the right broken, what was restored, who answers for it.

Words: Case (дело по жалобе), RecordsRequest (запрос документов), Expert, Control (МЭЭ, ЭКМП), Violation, Claim
(претензия клиники), Restoration, Dispute (досудебная защита и суд), CaseEvent. The appeal itself, its answers and
terms stay in the journal. Door: models, services, queries.
Source: Минздрав № 231н; 326-ФЗ ст. 40–42; domain handbook 05.
"""
