-- Entries of a file, judged already: a row of many indexes is written once. Read by loading. Budget: 50 000 under 2 s.
INSERT INTO informing_entry (roll_id, place, key, territory, insurer_id, provider_id, person_id, measure, state, year,
                             month, quarter, sequence, inform_by, visit_from, visit_to, phone, critique, given, why)
SELECT %(roll)s, place, key, territory, insurer_id, coalesce(listed_provider_id, provider_id), person_id, measure,
       state, year, month, quarter, coalesce(sequence, ''), inform_by, visit_from, visit_to, left(phone, 20), critique,
       CASE WHEN state IN ('unmatched', 'ambiguous') THEN jsonb_strip_nulls(jsonb_build_object(
         'surname', surname, 'given_name', given_name, 'patronymic', patronymic, 'birth_on', birth_on, 'sex', sex,
         'enp', enp, 'snils', snils, 'policy', policy, 'phone', phone)) END,
       why
  FROM incoming WHERE what = 'entry'
ON CONFLICT (roll_id, place, measure) DO NOTHING;
-- A visit and a refusal of nobody we know wait for a person too, unless a line of their own record does already.
INSERT INTO informing_entry (roll_id, place, key, territory, insurer_id, provider_id, measure, state, year, month, sequence,
                             phone, critique, given, why, told, told_on, began_on, result)
SELECT %(roll)s, place, key, territory, insurer_id, coalesce(listed_provider_id, provider_id), measure, state,
       extract(year FROM on_day), extract(month FROM on_day), '', left(phone, 20), '',
       jsonb_strip_nulls(jsonb_build_object(
         'surname', surname, 'given_name', given_name, 'patronymic', patronymic, 'birth_on', birth_on, 'sex', sex,
         'enp', enp, 'snils', snils, 'policy', policy, 'phone', phone)),
       why, CASE what WHEN 'visit' THEN 'visit' ELSE 'refusal' END, on_day, began_on, coalesce(result, '')
  FROM incoming
 WHERE state IN ('unmatched', 'ambiguous') AND on_day IS NOT NULL
   AND (what = 'visit' AND coalesce(diagnosis, '') = '' OR what = 'contact' AND outcome = 'refused' AND channel = 'at_clinic')
 ORDER BY place, on_day
ON CONFLICT (roll_id, place, measure) DO NOTHING
