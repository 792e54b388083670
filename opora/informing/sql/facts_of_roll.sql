-- What was done for the people of a list, one row per touch that informed somebody: the list's own key, channel, day in
-- the person's clock, first or repeated. Partners' own reports come first: after them ours are repeated.
-- Read by facts.facts_of_roll. Budget: a list of 50 000 under 3 s.
SELECT e.place, e.key, e.measure, t.channel, t.purpose, t.outcome,
       (coalesce(t.sent_at, t.final_at) AT TIME ZONE t.zone)::date AS on_day,
       row_number() OVER (PARTITION BY e.id ORDER BY coalesce(t.sent_at, t.final_at), t.id) = 1
         AND NOT EXISTS (SELECT FROM informing_reported r
                          WHERE r.person_id = e.person_id AND r.measure = e.measure AND r.roll_id = e.roll_id) AS is_first
  FROM informing_entry e
  JOIN informing_touch t ON t.person_id = e.person_id AND t.year = e.year AND t.measure = e.measure
                        AND t.insurer_id = e.insurer_id
 WHERE e.roll_id = %(roll)s AND e.told = 'listed' AND t.state = ANY (%(states)s) AND t.purpose = ANY (%(purposes)s)
   AND NOT t.outcome = ANY (%(vain)s) AND coalesce(t.sent_at, t.final_at) IS NOT NULL
 ORDER BY e.place, 7, t.id
