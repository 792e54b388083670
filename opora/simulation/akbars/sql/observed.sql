-- The same for dispensary observation: lines are diagnoses and planned visits, in tables of their own.
-- Read by lists.receive. Budget: the 729 thousand lines of January under 2 min.
WITH told AS (
  SELECT person_id, provider_id, enp, ill_month AS month,
         row_number() OVER (PARTITION BY provider_id ORDER BY person_id) AS place,
         (ARRAY['I10', 'I11.9', 'I25.1', 'E11.9', 'E04.1', 'J44.8', 'J45.0', 'K29.5', 'N18.9', 'I48.9'])
           [1 + floor(pg_temp.chance(enp, %(seed)s + 9) * 10)::int] AS diagnosis,
         %(eve)s - 30 - floor(pg_temp.chance(enp, %(seed)s + 10) * 3000)::int AS since
    FROM year_people WHERE ill_list_month = %(month)s
), rolls AS (
  INSERT INTO informing_roll (territory_id, insurer_id, provider_id, format, name, year, month, records, matched,
                              unmatched, repeated, not_due, loaded_at)
  SELECT %(territory)s, %(insurer)s, o.id, %(format)s, 'nablyudenie-' || o.code || '-' || to_char(%(at)s, 'YYYY-MM') || '.csv',
         %(year)s, CASE WHEN %(month)s > 1 THEN %(month)s END, count(*), count(*), 0, 0, 0, %(at)s
    FROM told JOIN organisations_organisation o ON o.id = told.provider_id
   GROUP BY o.id, o.code ORDER BY o.code
  RETURNING id, provider_id
), observations AS (
  INSERT INTO informing_observation (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure,
                                     diagnosis, "group", diagnosed_on, since, reason_in, reason_out, specialty,
                                     doctor_snils, updated_at)
  SELECT rolls.id, place, place, %(territory)s, %(insurer)s, provider_id, person_id, 'observation', diagnosis, '',
         since, since + 3, '', '', '', '', %(at)s
    FROM told JOIN rolls USING (provider_id)
), visits AS (
  INSERT INTO informing_plannedvisit (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure,
                                      diagnosis, visit_from, visit_to, sequence)
  SELECT rolls.id, place, place, %(territory)s, %(insurer)s, provider_id, person_id, 'observation', diagnosis,
         make_date(%(year)s, month, 1), make_date(%(year)s, month, 1) + interval '1 month - 1 day', ''
    FROM told JOIN rolls USING (provider_id)
)
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, month, roll_id, state,
                                 excluded, added_at)
SELECT %(year)s, 'observation', person_id, %(insurer)s, %(territory)s, provider_id, month, rolls.id, 'open', '', %(at)s
  FROM told JOIN rolls USING (provider_id)
