"""Опросы — questionnaires, samples with quotas, interviews, results; no answer leads back to a person.

Words: Survey, SurveyVersion, Round (опрос за период), Cell (клетка выборки), Invitee (кого спрашиваем), Attempt,
Waiting (a sealed questionnaire on its way), Sheet (анкета). Door: models, services, queries, results.
Law: Минздрав № 495 of 19.07.2022 as far as the domain handbook 11 describes it.
"""
