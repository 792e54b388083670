"""Ответы и шаблоны — approved answer cards for typical questions and the templates of letters.

Words: AnswerCard (карточка ответа), CardText (one wording), CardDecision (who approved or returned it), LetterTemplate.
Door: models, services, queries, rules.red_flag, letters. A card is shown while an approved wording of it is in force;
dates, ages and limits come from packs, not from its text.
Source: domain handbook 12, 02 §3.
"""
