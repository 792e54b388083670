-- One row per distinct input of running clocks. Read by appeals.recount.inputs.
-- Budget: 1 000 000 running clocks under 3 s; their inputs are some thousands.
SELECT term, started_on, territory, extension, pauses::text AS pauses, count(*) AS clocks
  FROM appeals_clock
 WHERE state = 'running' AND (territory = %(territory)s OR %(territory)s = '')
 GROUP BY term, started_on, territory, extension, pauses
