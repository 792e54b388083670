-- How many answered each question at all, by cell. Read by results. Budget: 20 000 sheets under 0.4 s.
SELECT given.question, s.cell, count(*) AS number
  FROM surveys_sheet s
 CROSS JOIN LATERAL jsonb_object_keys(s.answers) AS given(question)
 WHERE s.round_id = %(round)s AND s.version_id = %(version)s
 GROUP BY 1, 2
