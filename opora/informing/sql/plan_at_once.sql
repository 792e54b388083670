-- The touches of a wave without limits: all may go from the first allowed hour on. Read by planning.plan.
-- Budget: 3 246 424 people under 40 s, no more than three times a bare INSERT … SELECT of as many.
INSERT INTO informing_touch (year, campaign_id, wave_id, round, person_id, channel, territory, insurer_id, provider_id,
                             measure, purpose, lane, zone, contact_id, address, template_id, state, outcome, reason,
                             not_before, until, planned_at, attempts, claimed_by, message_id, segments, cost)
SELECT %(year)s, %(campaign)s, %(wave)s, %(round)s, person_id, %(channel)s, %(territory)s, %(insurer)s, provider_id,
       %(measure)s, %(purpose)s, %(lane)s, zone, contact_id, address, template_id, 'planned', '', '',
       %(first)s::timestamp AT TIME ZONE zone, inform_by, %(now)s, 0, '', '', segments, 0
  FROM judged WHERE reason = ''
