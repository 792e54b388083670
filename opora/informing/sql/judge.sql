-- Everybody of the plan with the first reason not to write or phone him, or none; where to, in which language (his own
-- where there is such a text, else the first of «languages») and in how many segments: up to «one» characters in one, else
-- «of_many» in each; «one» of 0 — the channel has none. Arrays of texts go by language, those of clinics by clinic and
-- language. «people» are the ids of a small audience, none where it is large. They are constants in the text, so the
-- planner sees how many they are: forty are fetched by their keys, with none every table is swept once, without loops.
-- Read by planning. One row per person. Budget: 3 246 424 people of a year under 60 s on two cores; 40 of as many, 0.1 s.
CREATE TEMPORARY TABLE judged ON COMMIT DROP AS
WITH agreed AS (
  SELECT DISTINCT ON (person_id) person_id, is_granted
    FROM insured_consent
   WHERE channel = %(consent)s AND purpose = 'informing' AND (until IS NULL OR until >= %(today)s)
     AND (cardinality(%(people)s::bigint[]) = 0 OR person_id = ANY(%(people)s::bigint[]))
   ORDER BY person_id, decided_on DESC, id DESC
), reached AS (
  -- The order of opora.insured.reach: still arriving, chosen by the person, confirmed by him, lately, his own, mobile
  -- first; the id decides.
  SELECT person_id,
         min(((failures >= 3)::int::bigint << 62) + ((NOT is_preferred)::int::bigint << 61)
             + ((state <> 'confirmed')::int::bigint << 60)
             + ((state = 'confirmed' AND confirmed_by = 'delivery')::int::bigint << 59)
             + ((CASE WHEN state = 'confirmed' THEN date '2200-01-01' - confirmed_on ELSE 0 END)::bigint << 42)
             + (array_position(ARRAY['self', 'representative', 'relative', 'unknown'], owner::text)::bigint << 40)
             + (coalesce(array_position(ARRAY['mobile', 'landline', ''], phone_kind::text), 3)::bigint << 38)
             + id) & ((1::bigint << 38) - 1) AS contact_id
    FROM insured_contact
   WHERE kind = %(contact)s AND state IN ('unconfirmed', 'confirmed') AND (normalised <> '' OR kind = 'address')
     AND (NOT %(only_mobile)s OR phone_kind IN ('mobile', ''))
     AND (cardinality(%(people)s::bigint[]) = 0 OR person_id = ANY(%(people)s::bigint[]))
   GROUP BY person_id
), refused AS (
  -- What people said, to us or to a partner who tells us so: an own word counts as much as a clinic's.
  SELECT person_id, CASE WHEN bool_or(outcome = 'passed') THEN 'passed' ELSE 'refused' END AS said,
         bool_or(outcome = 'refused') AS has_refused
    FROM (SELECT person_id, outcome FROM informing_touch
           WHERE year = %(year)s AND measure = %(measure)s AND outcome IN ('refused', 'passed')
          UNION ALL
          SELECT person_id, outcome FROM informing_reported
           WHERE measure = %(measure)s AND outcome IN ('refused', 'passed')
             AND "on" BETWEEN make_date(%(year)s, 1, 1) AND make_date(%(year)s, 12, 31)) told
   WHERE (cardinality(%(people)s::bigint[]) = 0 OR person_id = ANY(%(people)s::bigint[]))
   GROUP BY person_id
), touched AS (
  -- Every touch that went out or will, of any campaign of the insurer, and every contact a partner reports as one that
  -- reached somebody; the latest of a person.
  SELECT person_id,
         max(at) FILTER (WHERE campaign_id <> %(campaign)s) AS by_others,
         max(coalesce(final_at, at)) FILTER (WHERE campaign_id = %(campaign)s) AS by_us,
         bool_or(state IN ('planned', 'claimed', 'sending')) FILTER (WHERE campaign_id = %(campaign)s) AS goes_on
    FROM (SELECT person_id, campaign_id, state, coalesce(sent_at, not_before) AS at, final_at
            FROM informing_touch
           WHERE year BETWEEN %(year)s - 1 AND %(year)s + 1 AND insurer_id = %(insurer)s
             AND state NOT IN ('cancelled', 'expired', 'failed')
          UNION ALL
          SELECT person_id, 0, 'sent', "on"::timestamp AT TIME ZONE %(zone)s, NULL
            FROM informing_reported
           WHERE insurer_id = %(insurer)s AND "on" >= %(capped_since)s::date AND "on" <= %(today)s
             AND outcome NOT IN ('impossible', 'wrong_number', 'foreign_person', 'undelivered', 'returned', 'no_answer',
                                 'busy', 'call_later')) told
   WHERE (cardinality(%(people)s::bigint[]) = 0 OR person_id = ANY(%(people)s::bigint[]))
   GROUP BY person_id
), visits AS (
  -- Observation has several visits a year: the nearest to come says until when to tell of it, and whether again.
  SELECT DISTINCT ON (person_id) person_id, inform_by, sequence
    FROM informing_plannedvisit
   WHERE %(measure)s = 'observation' AND insurer_id = %(insurer)s AND came_on IS NULL AND visit_to >= %(today)s
     AND (cardinality(%(people)s::bigint[]) = 0 OR person_id = ANY(%(people)s::bigint[]))
   ORDER BY person_id, visit_to, inform_by
), clinic AS (
  SELECT id, (place - 1)::int * cardinality(%(languages)s::varchar[]) AS before
    FROM unnest(%(clinics)s::bigint[]) WITH ORDINALITY AS c(id, place)
)
SELECT pe.person_id, pe.provider_id, coalesce(visits.inform_by, pe.inform_by) AS inform_by,
       coalesce(nullif(p.time_zone, ''), %(zone)s) AS zone,
       r.contact_id, coalesce(nullif(c.normalised, ''), c.value, '') AS address,
       CASE
         WHEN p.died_on IS NOT NULL THEN 'dead'
         WHEN p.insurer_id IS NULL THEN 'no_policy'
         WHEN p.insurer_id <> pe.insurer_id THEN 'other_insurer'
         WHEN p.territory_id <> %(territory)s THEN 'moved'
         -- Observation and hospital may well be elsewhere than where he is attached.
         WHEN p.provider_id <> pe.provider_id AND %(measure)s NOT IN ('observation', 'hospital') THEN 'other_clinic'
         WHEN pe.state = 'passed' AND visits.person_id IS NULL AND NOT %(again)s THEN 'passed'
         WHEN pe.state = 'excluded' THEN pe.excluded
         WHEN refused.said = 'refused' OR (refused.said = 'passed' AND visits.person_id IS NULL) THEN refused.said
         WHEN refused.has_refused THEN 'refused'
         WHEN coalesce(visits.inform_by, pe.inform_by) < %(today)s THEN 'too_late'
         WHEN agreed.is_granted IS FALSE THEN 'no_consent'
         WHEN (pe.person_id * 2654435761 + %(campaign)s::bigint * 97) / 128 %% 100 < %(holdout)s THEN 'holdout'
         WHEN %(needs_contact)s AND r.contact_id IS NULL THEN 'no_contact'
         WHEN touched.goes_on OR touched.by_us > %(waited_since)s THEN 'waiting'
         WHEN %(capped)s AND touched.by_others > %(capped_since)s THEN 'too_often'
         WHEN coalesce((%(lacks)s::bool[])[clinic.before + spoken.own], (%(lacks_here)s::bool[])[spoken.own])
           THEN 'empty_field'
         WHEN %(longest)s > 0 AND worded.length > %(longest)s THEN 'too_long'
         ELSE ''
       END AS reason, (%(languages)s::varchar[])[spoken.own] AS language,
       (%(templates)s::bigint[])[spoken.own] AS template_id, worded.length,
       CASE WHEN %(one)s = 0 THEN 0 WHEN worded.length <= %(one)s THEN 1
            ELSE (worded.length + %(of_many)s - 1) / %(of_many)s END AS segments
  FROM informing_planentry pe
  JOIN insured_person p ON p.id = pe.person_id
  LEFT JOIN reached r ON r.person_id = pe.person_id
  LEFT JOIN insured_contact c ON c.id = r.contact_id
  LEFT JOIN agreed ON agreed.person_id = pe.person_id
  LEFT JOIN refused ON refused.person_id = pe.person_id
  LEFT JOIN touched ON touched.person_id = pe.person_id
  LEFT JOIN clinic ON clinic.id = pe.provider_id
  LEFT JOIN visits ON visits.person_id = pe.person_id
  CROSS JOIN LATERAL (
    SELECT coalesce(array_position(%(languages)s::varchar[], p.language), 1) AS own
  ) spoken
  CROSS JOIN LATERAL (
    SELECT coalesce((%(fixed)s::int[])[clinic.before + spoken.own], (%(fixed_here)s::int[])[spoken.own])
           -- Who has no given name is called by the surname (recipients.people).
           + (%(names)s::int[])[spoken.own] * coalesce(nullif(length(p.given_name), 0), length(p.surname))
           + (%(full_names)s::int[])[spoken.own]
             * CASE WHEN p.given_name <> ''
                    THEN length(p.given_name) + coalesce(nullif(length(p.patronymic), 0) + 1, 0)
                    ELSE coalesce(nullif(length(p.patronymic), 0), length(p.surname)) END AS length
  ) worded
 WHERE pe.year = %(year)s AND pe.measure = %(measure)s AND pe.insurer_id = %(insurer)s
   AND pe.territory = %(territory)s
   AND (cardinality(%(months)s::int[]) = 0 OR pe.month IS NULL OR pe.month = ANY(%(months)s::int[]))
   AND (cardinality(%(providers)s::bigint[]) = 0 OR pe.provider_id = ANY(%(providers)s::bigint[]))
   AND (cardinality(%(people)s::bigint[]) = 0 OR pe.person_id = ANY(%(people)s::bigint[]))
   AND (%(sequence)s = '' OR visits.sequence = %(sequence)s)
