-- Answers of rounds that have ended, as Round.tally keeps them, those of %(keys)s (NULL — all): who answered the round,
-- who answered each question, who gave each answer. They stand on the last day of asking: that of the round, or the day
-- of closing where it was closed before. A question that fewer than %(least)s answered in one version of the sheet is
-- left out, as results leave it out. Read by reports.filling. Budget: 2 ms a round.
WITH rounds AS (
  SELECT r.id, r.territory, coalesce(o.parent_id, o.id, 0) AS insurer_id, s.code AS survey_code,
         least(r.until, (r.closed_at AT TIME ZONE t.time_zone)::date) AS closed_on, r.tally
    FROM surveys_round r
    JOIN surveys_survey s ON s.id = r.survey_id
    JOIN organisations_territory t ON t.code = r.territory
    LEFT JOIN organisations_organisation o ON o.id = r.insurer_id
   WHERE r.state = 'closed' AND (%(keys)s::bigint[] IS NULL OR r.id = ANY(%(keys)s::bigint[]))),
given AS (
  SELECT r.id, one->>0 AS question, one->>1 AS answer, sum((one->>3)::int) AS people, sum((one->>4)::int) AS reached,
         sum(sum((one->>4)::int)) OVER (PARTITION BY r.id, version.key, one->>0) AS base
    FROM rounds r
   CROSS JOIN LATERAL jsonb_each(r.tally) version
   CROSS JOIN LATERAL jsonb_array_elements(version.value->'answers') one
   GROUP BY r.id, version.key, 2, 3),
counted AS (
  SELECT r.id, '' AS question, '' AS answer, coalesce(sum((sheets->>1)::int), 0) AS people
    FROM rounds r
    LEFT JOIN LATERAL jsonb_each(r.tally) version ON true
    LEFT JOIN LATERAL jsonb_array_elements(version.value->'sheets') sheets ON true
   GROUP BY r.id
  UNION ALL
  SELECT id, question, '', sum(reached) FROM given WHERE base >= %(least)s GROUP BY id, question
  UNION ALL
  SELECT id, question, answer, sum(people) FROM given WHERE base >= %(least)s AND answer <> '' GROUP BY id, question, answer)
SELECT concat_ws(':', r.id, n.question, n.answer) AS key, r.territory, r.insurer_id, r.id AS round_id, r.survey_code,
       r.closed_on, n.question, n.answer, n.people
  FROM counted n
  JOIN rounds r ON r.id = n.id
