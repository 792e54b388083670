-- Open referrals of a roll into the plan of their year: a reminder must come before the day of admission. A referral that
-- came back after its like was cancelled opens the plan again. Read by observing.referrals. Budget: 50 000 under 2 s.
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, month, inform_by, roll_id,
                                 state, excluded, added_at)
SELECT DISTINCT ON (extract(year FROM planned_on), person_id, insurer_id)
       extract(year FROM planned_on), 'hospital', person_id, insurer_id, territory, provider_id,
       extract(month FROM planned_on), planned_on - 1, %(roll)s, 'open', '', %(now)s
  FROM informing_referral
 WHERE roll_id = %(roll)s AND person_id IS NOT NULL AND insurer_id IS NOT NULL AND planned_on >= %(today)s
   AND cancelled_on IS NULL AND admitted_on IS NULL
 ORDER BY extract(year FROM planned_on), person_id, insurer_id, planned_on
ON CONFLICT (year, measure, person_id, insurer_id) DO UPDATE
   SET state = 'open', excluded = '', passed_on = NULL, month = EXCLUDED.month, inform_by = EXCLUDED.inform_by
 WHERE informing_planentry.state <> 'open' OR informing_planentry.inform_by < EXCLUDED.inform_by
