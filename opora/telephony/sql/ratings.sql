-- One row per group of answered incoming calls of an organisation's lines: how many were rated and with which key. ``by``
-- names what a group is: the line, the hour of the day at the place, the department of who answered. Read by
-- telephony.ratings.ratings. Budget: a month of one organisation (100 000 calls) under 0.5 s.
WITH chosen AS (
  SELECT c.score, c.employee_id, CASE %(by)s
           WHEN 'line' THEN coalesce(l.title, '')
           WHEN 'hour' THEN to_char(c.began_at AT TIME ZONE %(zone)s, 'HH24')
           WHEN 'group' THEN coalesce(work.name, '') END AS title
    FROM telephony_call c
    LEFT JOIN telephony_line l ON l.id = c.line_id
    LEFT JOIN LATERAL (SELECT d.name FROM organisations_assignment a
                         JOIN organisations_department d ON d.id = a.department_id
                        WHERE a.employee_id = c.employee_id AND a.organisation_id = c.served_id
                          AND a.since <= (c.began_at AT TIME ZONE %(zone)s)::date
                          AND (a.until IS NULL OR a.until >= (c.began_at AT TIME ZONE %(zone)s)::date)
                        ORDER BY a.since DESC LIMIT 1) work ON %(by)s = 'group'
   WHERE c.organisation_id = %(organisation)s AND c.direction = 'in' AND c.result = 'answered'
     AND c.began_at >= %(since)s AND c.began_at < %(until)s
)
SELECT title, count(*) AS answered, count(score) AS rated, avg(score)::float AS mean,
       count(DISTINCT employee_id) FILTER (WHERE score IS NOT NULL) AS people,
       count(*) FILTER (WHERE score = 1) AS ones, count(*) FILTER (WHERE score = 2) AS twos,
       count(*) FILTER (WHERE score = 3) AS threes, count(*) FILTER (WHERE score = 4) AS fours,
       count(*) FILTER (WHERE score = 5) AS fives
  FROM chosen GROUP BY title ORDER BY title
