-- How often each answer was given and how many answered each question at all, by cell. Read by results.
-- Whole answers are counted first and taken apart afterwards: there are few different ones. Answers of «open» questions
-- (numbers, texts) are not told apart. One row per question, answer and cell.
-- Budget: 20 000 sheets of 20 questions under 0.4 s, one sweep.
WITH whole AS MATERIALIZED (
  SELECT given.key AS question, given.value, s.cell, count(*) AS number
    FROM surveys_sheet s CROSS JOIN LATERAL jsonb_each(s.answers) given
   WHERE s.round_id = %(round)s AND s.version_id = %(version)s AND given.key <> ALL(%(open)s::text[])
   GROUP BY 1, 2, 3
)
SELECT question, value.code, cell, sum(number)::bigint AS number,
       coalesce(sum(number) FILTER (WHERE value.place = 1), 0)::bigint AS sheets
  FROM whole CROSS JOIN LATERAL jsonb_array_elements_text(whole.value) WITH ORDINALITY AS value(code, place)
 GROUP BY 1, 2, 3
UNION ALL
SELECT asked.question, '', s.cell, count(*), count(*)
  FROM surveys_sheet s CROSS JOIN unnest(%(open)s::text[]) AS asked(question)
 WHERE s.round_id = %(round)s AND s.version_id = %(version)s AND s.answers ? asked.question
 GROUP BY 1, 2, 3
