-- Who came among those touched and among the hold-out group of a campaign. Read by queries.effect.
-- Budget: a wave of 3 million under 3 s; asked only where there is a hold-out group.
SELECT count(*) FILTER (WHERE kind = 'touched') AS touched,
       count(*) FILTER (WHERE kind = 'touched' AND pe.state = 'passed') AS touched_came,
       count(*) FILTER (WHERE kind = 'held') AS held,
       count(*) FILTER (WHERE kind = 'held' AND pe.state = 'passed') AS held_came
  FROM (SELECT DISTINCT person_id, insurer_id, 'touched' AS kind FROM informing_touch
         WHERE year = %(year)s AND campaign_id = %(campaign)s AND state IN ('sent', 'delivered', 'done', 'silent')
        UNION ALL
        SELECT person_id, insurer_id, 'held' FROM informing_exclusion
         WHERE year = %(year)s AND wave_id = %(wave)s AND reason = 'holdout') people
  JOIN informing_planentry pe ON pe.year = %(year)s AND pe.measure = %(measure)s AND pe.person_id = people.person_id
                             AND pe.insurer_id = people.insurer_id
