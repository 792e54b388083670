-- The lists clinics send in a month: a roll for each, its lines, the plan. Read by lists.receive.
-- Budget: the 2.4 million lines of January under 5 min.
WITH told AS (
  SELECT person_id, provider_id, measure, month, row_number() OVER (PARTITION BY provider_id ORDER BY person_id) AS place
    FROM year_people WHERE list_month = %(month)s
), rolls AS (
  INSERT INTO informing_roll (territory_id, insurer_id, provider_id, format, name, year, month, records, matched,
                              unmatched, repeated, not_due, loaded_at)
  SELECT %(territory)s, %(insurer)s, o.id, %(format)s, 'spisok-' || o.code || '-' || to_char(%(at)s, 'YYYY-MM') || '.csv',
         %(year)s, CASE WHEN %(month)s > 1 THEN %(month)s END, count(*), count(*), 0, 0, 0, %(at)s
    FROM told JOIN organisations_organisation o ON o.id = told.provider_id
   GROUP BY o.id, o.code ORDER BY o.code
  RETURNING id, provider_id
), lines AS (
  INSERT INTO informing_entry (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure, state, year,
                               month, sequence, phone, critique, why)
  SELECT rolls.id, place, place, %(territory)s, %(insurer)s, provider_id, person_id, measure, 'matched', %(year)s, month,
         'first', '', '', 'ЕНП'
    FROM told JOIN rolls USING (provider_id)
)
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, month, roll_id, state,
                                 excluded, added_at)
SELECT %(year)s, measure, person_id, %(insurer)s, %(territory)s, provider_id, month, rolls.id, 'open', '', %(at)s
  FROM told JOIN rolls USING (provider_id)
