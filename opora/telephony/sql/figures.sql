-- One row per group of incoming calls of an organisation's lines; since and until are moments, half-open. ``by`` names
-- what a group is: the line, the hour of the day at the place, the department of who answered (a neighbour who answered is
-- one group: his departments are his own). ``ones`` … ``fives`` — which keys were pressed after a talk, ``rated_people``
-- after whose. Read by telephony.figures and telephony.ratings. Service level: answered within %(seconds)s s of all that were answered or abandoned later than that.
-- Budget: a month of one organisation (100 000 calls) under 0.5 s.
WITH chosen AS (
  SELECT c.*, CASE %(by)s
           WHEN 'line' THEN coalesce(l.title, '')
           WHEN 'hour' THEN to_char(c.began_at AT TIME ZONE %(zone)s, 'HH24')
           WHEN 'group' THEN coalesce(neighbour.name, work.name, '') END AS title
    FROM telephony_call c
    LEFT JOIN telephony_line l ON l.id = c.line_id
    LEFT JOIN organisations_organisation neighbour ON neighbour.id = c.served_id AND c.served_id <> c.organisation_id
    LEFT JOIN LATERAL (SELECT d.name FROM organisations_assignment a
                         JOIN organisations_department d ON d.id = a.department_id
                        WHERE a.employee_id = c.employee_id AND a.organisation_id = c.served_id
                          AND a.since <= (c.began_at AT TIME ZONE %(zone)s)::date
                          AND (a.until IS NULL OR a.until >= (c.began_at AT TIME ZONE %(zone)s)::date)
                        ORDER BY a.since DESC LIMIT 1) work ON %(by)s = 'group'
   WHERE c.organisation_id = %(organisation)s AND c.direction = 'in' AND c.now = 'ended'
     AND c.began_at >= %(since)s AND c.began_at < %(until)s
     AND (%(by)s <> 'group' OR c.result = 'answered')
), wrapped AS (
  SELECT c.title, avg(extract(epoch FROM s.until - s.since)) AS wrap
    FROM telephony_spell s JOIN chosen c ON c.id = s.call_id
   WHERE s.state = 'wrap' AND s.until IS NOT NULL
   GROUP BY c.title
)
SELECT c.title, count(*) AS calls, count(*) FILTER (WHERE result = 'answered') AS answered,
       count(*) FILTER (WHERE result = 'abandoned') AS abandoned,
       count(*) FILTER (WHERE result = 'secretary') AS secretary,
       count(*) FILTER (WHERE result = 'answered' AND waited <= %(seconds)s) AS in_time,
       count(*) FILTER (WHERE result = 'answered' OR result = 'abandoned' AND waited > %(seconds)s) AS counted,
       avg(waited) FILTER (WHERE result = 'answered')::float AS waited,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY waited) FILTER (WHERE result = 'answered') AS waited_95,
       avg(talked) FILTER (WHERE result = 'answered')::float AS talked,
       max(w.wrap)::float AS wrap, avg(score)::float AS score,
       count(DISTINCT c.employee_id) AS people,
       count(score) AS rated, count(DISTINCT c.employee_id) FILTER (WHERE score IS NOT NULL) AS rated_people,
       count(*) FILTER (WHERE score = 1) AS ones, count(*) FILTER (WHERE score = 2) AS twos,
       count(*) FILTER (WHERE score = 3) AS threes, count(*) FILTER (WHERE score = 4) AS fours,
       count(*) FILTER (WHERE score = 5) AS fives
  FROM chosen c LEFT JOIN wrapped w ON w.title = c.title
 GROUP BY c.title ORDER BY c.title
