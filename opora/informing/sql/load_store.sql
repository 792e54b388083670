-- Records of a file into the tables of the room, all but the entries: each partner's word once. Read by loading. Budget:
-- 50 000 under 3 s.
INSERT INTO informing_reported (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure, channel,
                                purpose, "on", sequence, outcome, reason, note)
SELECT %(roll)s, place, key, territory, insurer_id, coalesce(listed_provider_id, provider_id), person_id, measure,
       channel, purpose, on_day, coalesce(sequence, ''), coalesce(outcome, ''), coalesce(reason, ''), left(note, 300)
  FROM incoming WHERE what = 'contact' AND person_id IS NOT NULL
ON CONFLICT DO NOTHING;
UPDATE informing_visit v SET corrected_by = NULL, roll_id = %(roll)s, place = i.place, key = i.key, began_on = i.began_on,
       result = coalesce(i.result, '')
  FROM incoming i
 WHERE i.what = 'visit' AND v.person_id = i.person_id AND v.measure = i.measure AND v."on" = i.on_day
   AND v.corrected_by IS NOT NULL AND coalesce(i.diagnosis, '') = '';
INSERT INTO informing_visit (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure, year, "on",
                             began_on, result)
SELECT %(roll)s, place, key, territory, insurer_id, coalesce(listed_provider_id, provider_id), person_id, measure,
       extract(year FROM on_day), on_day, began_on, coalesce(result, '')
  FROM incoming i
 WHERE what = 'visit' AND person_id IS NOT NULL
   AND (coalesce(diagnosis, '') = '' OR EXISTS (
         SELECT 1 FROM informing_plannedvisit v
          WHERE v.person_id = i.person_id AND v.measure = i.measure AND v.diagnosis IN ('', i.diagnosis)
            AND i.on_day BETWEEN v.visit_from AND v.visit_to + 30))
ON CONFLICT (person_id, measure, "on") DO NOTHING;
INSERT INTO informing_observation (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure,
                                   diagnosis, "group", diagnosed_on, since, until, reason_in, reason_out, specialty,
                                   doctor_snils, updated_at)
SELECT DISTINCT ON (person_id, diagnosis)
       %(roll)s, place, key, territory, insurer_id, coalesce(listed_provider_id, provider_id), person_id, measure,
       diagnosis, '', diagnosed_on, since, CASE WHEN until >= since OR since IS NULL THEN until END,
       coalesce(reason_in, ''), coalesce(reason_out, ''), coalesce(specialty, ''),
       left(regexp_replace(coalesce(doctor_snils, ''), '\D', '', 'g'), 11), now()
  FROM incoming WHERE what = 'observation' AND person_id IS NOT NULL AND diagnosis <> ''
 ORDER BY person_id, diagnosis, place DESC
ON CONFLICT (person_id, diagnosis) DO UPDATE
   SET roll_id = EXCLUDED.roll_id, place = EXCLUDED.place, provider_id = EXCLUDED.provider_id,
       since = coalesce(EXCLUDED.since, informing_observation.since), until = EXCLUDED.until,
       reason_out = EXCLUDED.reason_out, updated_at = EXCLUDED.updated_at;
INSERT INTO informing_plannedvisit (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure,
                                    diagnosis, visit_from, visit_to, inform_by, sequence)
SELECT %(roll)s, place, key, territory, insurer_id, coalesce(listed_provider_id, provider_id), person_id, measure,
       coalesce(diagnosis, ''), coalesce(visit_from, visit_to), coalesce(visit_to, visit_from), inform_by,
       coalesce(sequence, '')
  FROM incoming WHERE what = 'observation' AND person_id IS NOT NULL AND coalesce(visit_from, visit_to) IS NOT NULL
ON CONFLICT (person_id, diagnosis, visit_from, visit_to) DO NOTHING;
INSERT INTO informing_referral (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure, number,
                                issued_on, planned_on, diagnosis, from_code, hospital_code, profile, bed_profile, form,
                                cancelled_on, cancel_reason, admitted_on)
SELECT DISTINCT ON (number)
       %(roll)s, place, key, territory, insurer_id, provider_id, person_id, measure, number, issued_on, planned_on,
       coalesce(diagnosis, ''), coalesce(from_code, ''), coalesce(hospital_code, ''), coalesce(profile, ''),
       coalesce(bed_profile, ''), coalesce(form, ''), cancelled_on, coalesce(cancel_reason, ''), admitted_on
  FROM incoming WHERE what = 'referral' AND issued_on IS NOT NULL ORDER BY number, place DESC
ON CONFLICT (territory, number) DO UPDATE
   SET cancelled_on = coalesce(EXCLUDED.cancelled_on, informing_referral.cancelled_on),
       cancel_reason = coalesce(nullif(EXCLUDED.cancel_reason, ''), informing_referral.cancel_reason),
       admitted_on = coalesce(EXCLUDED.admitted_on, informing_referral.admitted_on),
       planned_on = coalesce(EXCLUDED.planned_on, informing_referral.planned_on);
-- A fate told apart from its referral names it by the partner's key; the file of an insurer reaches his own alone.
UPDATE incoming i SET person_id = r.person_id, state = 'matched', why = 'направление'
  FROM informing_referral r
 WHERE i.what = 'referral' AND i.issued_on IS NULL AND (r.key = i.key OR r.number = i.number) AND r.territory = %(territory)s
   AND (%(insurer)s::bigint IS NULL OR r.insurer_id = %(insurer)s);
UPDATE informing_referral r
   SET cancelled_on = coalesce(i.cancelled_on, r.cancelled_on),
       cancel_reason = coalesce(nullif(i.cancel_reason, ''), r.cancel_reason),
       admitted_on = coalesce(i.admitted_on, r.admitted_on)
  FROM incoming i
 WHERE i.what = 'referral' AND i.issued_on IS NULL AND (r.key = i.key OR r.number = i.number) AND r.territory = %(territory)s
   AND (%(insurer)s::bigint IS NULL OR r.insurer_id = %(insurer)s);
INSERT INTO insured_consent (person_id, channel, purpose, is_granted, decided_on, source)
SELECT DISTINCT person_id, channel.code, 'informing', is_granted, on_day, 'insurer'
  FROM incoming, (VALUES ('sms'), ('messenger'), ('email'), ('call')) AS channel (code)
 WHERE what = 'consent' AND person_id IS NOT NULL
ON CONFLICT DO NOTHING
