-- Every attempt of a wave of calls: one a working day at the hour of the plan, five at most, up to the first talk; none
-- after a death, a leave or a visit. Read by calls.carry. Budget: 100 000 people under 30 s.
CREATE TEMPORARY TABLE phoned ON COMMIT DROP AS
WITH workday AS (
  SELECT day, n FROM unnest(%(days)s::date[]) WITH ORDINALITY AS w(day, n)
), met AS (
  SELECT t.id, t.person_id, t.provider_id, t.purpose, t.zone, left(t.address, 20) AS phone, y.enp, w.n,
         (t.not_before AT TIME ZONE t.zone)::time AS hour,
         least(y.died_on - 1, y.left_on, coming.on_day) AS last_on,
         coming.on_day IS NOT NULL AND coming.on_day <= least(y.died_on - 1, y.left_on, coming.on_day) AS comes,
         (SELECT min(n) FROM generate_series(1, 5) n WHERE pg_temp.chance(y.enp, %(salt)s + n) < 0.45) AS talks_at
    FROM informing_touch t
    JOIN year_people y ON y.person_id = t.person_id
    JOIN workday w ON w.day = (t.not_before AT TIME ZONE t.zone)::date
    LEFT JOIN coming ON coming.person_id = t.person_id AND coming.measure = t.measure
   WHERE t.year = %(year)s AND t.wave_id = %(wave)s AND t.state = 'planned'
), tried AS (
  SELECT met.*, try.number, coalesce(met.talks_at, 5) AS tries, day.day,
         (day.day + met.hour) AT TIME ZONE met.zone
           + pg_temp.chance(met.enp, %(salt)s + 10 + try.number) * interval '50 minutes' AS at,
         pg_temp.chance(met.enp, %(salt)s + 20 + try.number) AS how
    FROM met
    CROSS JOIN generate_series(1, 5) AS try(number)
    JOIN workday day ON day.n = met.n + try.number - 1
   WHERE try.number <= coalesce(met.talks_at, 5)
)
SELECT id, provider_id, phone, comes, number, tries, at, day <= coalesce(last_on, 'infinity') AS takes_place,
       (%(operators)s::bigint[])[1 + (person_id + number) %% cardinality(%(operators)s::bigint[])] AS employee_id,
       CASE WHEN number < tries OR talks_at IS NULL THEN CASE WHEN how < 0.8 THEN 'no_answer' ELSE 'busy' END
            WHEN how < 0.36 THEN 'promised' WHEN how < 0.66 THEN 'answered' WHEN how < 0.78 THEN 'undecided'
            WHEN how < 0.87 THEN 'refused' WHEN how < 0.92 THEN 'passed' ELSE 'refused_talk' END AS outcome,
       CASE WHEN number = talks_at AND (how >= 0.66 AND how < 0.87 OR how < 0.66 AND purpose <> 'invite')
            THEN (ARRAY['no_time', 'employer', 'later', 'hours', 'queues', 'away', 'at_work', 'unwilling', 'observed',
                        'did_not_know'])[1 + floor(pg_temp.chance(enp, %(salt)s + 30) * 10)::int] ELSE '' END AS reason,
       CASE WHEN number = talks_at THEN 40 + floor(how * 200)::int ELSE 15 + floor(how * 15)::int END AS seconds
  FROM tried;
CREATE UNIQUE INDEX ON phoned (id, number);
ANALYZE phoned
