-- How many of those whom a list names though this year is not theirs the plan invites, and how many were taken out of it.
-- Read by services.not_due. Budget: a list of 50 000 under 1 s.
SELECT count(*) FILTER (WHERE pe.state = 'open') AS invited, count(*) FILTER (WHERE pe.excluded = 'not_due') AS spared
  FROM (SELECT DISTINCT year, measure, person_id, insurer_id
          FROM informing_entry
         WHERE roll_id = %(roll)s AND critique <> '' AND person_id IS NOT NULL) listed
  JOIN informing_planentry pe USING (year, measure, person_id, insurer_id)
