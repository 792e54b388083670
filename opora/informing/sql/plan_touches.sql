-- The touches of a wave, each in its hour: those of a clinic who must know first, first. Read by planning.plan.
-- How many of a clinic go on which day is settled (pacing.lay): running totals of its days, found by bisection; within
-- a day touches stand evenly. Budget: 3 246 424 people under 60 s, no more than three bare INSERT … SELECT of as many.
WITH laid AS (
  SELECT (row ->> 'clinic')::bigint AS clinic, ARRAY(SELECT jsonb_array_elements_text(row -> 'totals')::int) AS totals
    FROM jsonb_array_elements(%(laid)s::jsonb) AS row
)
INSERT INTO informing_touch (year, campaign_id, wave_id, round, person_id, channel, territory, insurer_id, provider_id,
                             measure, purpose, lane, zone, contact_id, address, template_id, state, outcome, reason,
                             not_before, until, planned_at, attempts, claimed_by, message_id, segments, cost)
SELECT %(year)s, %(campaign)s, %(wave)s, %(round)s, person_id, %(channel)s, %(territory)s, %(insurer)s, provider_id,
       %(measure)s, %(purpose)s, %(lane)s, zone, contact_id, address, template_id, 'planned', '', '',
       ((%(opens)s::timestamp[])[day + 1]
         + (row_number() OVER (PARTITION BY day ORDER BY turn, provider_id) - 1) * (%(hours)s::float8[])[day + 1]
           / count(*) OVER (PARTITION BY day) * interval '1 hour') AT TIME ZONE zone,
       inform_by, %(now)s, 0, '', '', segments, 0
  FROM (SELECT turned.*, width_bucket(turn, laid.totals) AS day
          FROM (SELECT judged.*, row_number() OVER (PARTITION BY provider_id ORDER BY inform_by NULLS LAST, person_id)
                                 - 1 AS turn
                  FROM judged WHERE reason = '') turned
          JOIN laid ON laid.clinic = coalesce(turned.provider_id, 0)) placed
