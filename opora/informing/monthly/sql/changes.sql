-- Touches of one plan year that went out, as the monthly table counts them, where they are not there or otherwise: the
-- day by the person's clock, the theme by his age, first or repeated. What informs is said in facts.py, as for the year
-- of an insurer; a talk of a survey counts in its own way. A contact that a partner had reported before makes ours
-- repeated. is_gone: counted before, but did not go out after all. Read by monthly.nightly.
-- Budget: 5.4 million touches, 50 000 of them changed, under 60 s.
CREATE TEMP TABLE informed_changes ON COMMIT DROP AS
SELECT coalesce(n.id, i.touch_id) AS touch_id, n.year, coalesce(n.person_id, i.person_id) AS person_id, n.territory,
       n.insurer_id, n.provider_id, n.measure, n.theme, n.channel, n.way, n.on_day, n.is_informing, n.is_first, n.came,
       n.cost, n.id IS NULL AS is_gone
  FROM (SELECT w.id, w.year, w.person_id, w.territory, w.insurer_id, w.provider_id, w.measure, w.channel, w.way,
               w.on_day, w.is_informing, w.came, w.cost,
               CASE WHEN w.measure <> 'screening' THEN w.measure
                    WHEN w.year - extract(year FROM p.birth_on) >= %(yearly_from)s THEN 'screening_yearly'
                    ELSE 'screening_young' END AS theme,
               w.is_informing AND w.place = 1
                 AND NOT EXISTS (SELECT FROM informing_reported r
                                  WHERE r.person_id = w.person_id AND r.measure = w.measure AND w.way <> 'survey'
                                    AND r.purpose IN ('invite', 'remind') AND r.on < w.on_day
                                    AND r.on >= make_date(w.year, 1, 1)) AS is_first
          FROM (SELECT t.id, t.year, t.person_id, t.territory, t.insurer_id, t.provider_id, t.measure, t.channel,
                       t.cost, v.way, v.is_informing, t.came_on IS NOT NULL AS came,
                       (t.sent_at AT TIME ZONE t.zone)::date AS on_day,
                       row_number() OVER (PARTITION BY t.person_id, t.measure, v.way = 'survey', v.is_informing
                                          ORDER BY t.sent_at, t.id) AS place
                  FROM informing_touch t
                 CROSS JOIN LATERAL (
                   SELECT CASE WHEN t.purpose IN ('ask_why', 'ask_satisfaction') AND t.channel = 'call' THEN 'survey'
                               ELSE t.channel END AS way,
                          t.state = ANY(%(states)s) AND NOT t.outcome = ANY(%(vain)s)
                            AND (t.purpose = ANY(%(purposes)s) OR t.channel = 'call') AS is_informing) v
                 WHERE t.year = %(year)s AND t.sent_at IS NOT NULL) w
          JOIN insured_person p ON p.id = w.person_id) n
  FULL JOIN (SELECT * FROM informing_informed WHERE year = %(year)s) i ON i.touch_id = n.id
 WHERE n.id IS NULL OR i.touch_id IS NULL
    OR (i.is_informing, i.is_first, i.came, i.cost, i."on")
       IS DISTINCT FROM (n.is_informing, n.is_first, n.came, n.cost, n.on_day)
