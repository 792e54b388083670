-- Middle and quarters of numbers that were answered. Read by results. Budget: 20 000 sheets under 0.3 s.
SELECT asked.question, count(*) AS number,
       percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY (s.answers -> asked.question ->> 0)::bigint) AS parts
  FROM surveys_sheet s
 CROSS JOIN unnest(%(questions)s::text[]) AS asked(question)
 WHERE s.round_id = %(round)s AND s.version_id = %(version)s AND s.answers ? asked.question
 GROUP BY asked.question
