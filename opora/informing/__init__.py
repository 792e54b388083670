"""Информирование — from a clinic's list to a person who came: once, in allowed hours, with a receipt.

Words: Roll (список) and its Entry, PlanEntry (кто подлежит), Campaign, Rung (ступень), Wave, Touch (контакт),
Visit (факт посещения), Observation (диспансерное наблюдение). Door: models, services, queries, incoming, words.
A touch is a row and its key is the law: year, campaign, round, person, channel.
Source: domain handbook 03, 07, 21 §4–8; Правила ОМС, ch. XV.
"""
