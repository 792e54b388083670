-- Ambiguous rows as they were given, for the work list. The same row asked twice is one question.
-- Read by importing.merging.

WITH a AS (SELECT line, why, candidates FROM found WHERE verdict = 'ambiguous')
INSERT INTO insured_matchtask AS t (run_id, organisation_id, line, why, fingerprint, given, candidates, state, by_name)
SELECT DISTINCT ON (fingerprint) %(run)s, %(organisation)s, line, why, fingerprint, given, candidates, 'open', ''
  FROM (SELECT a.line, a.why, a.candidates,
               md5(concat_ws('|', s.enp, s.snils, lower(s.surname), lower(s.given_name), lower(s.patronymic), s.birth_on))
                 AS fingerprint,
               jsonb_build_object('person', to_jsonb(s), 'policy', policy.rows, 'attachment', attachment.rows,
                 'contact', contact.rows, 'former', former.rows, 'document', document.rows, 'category', category.rows,
                 'consent', consent.rows) AS given
          FROM a
          JOIN stage_person s USING (line)
          LEFT JOIN (SELECT line, jsonb_agg(to_jsonb(x)) AS rows FROM stage_policy x JOIN a USING (line) GROUP BY 1) policy USING (line)
          LEFT JOIN (SELECT line, jsonb_agg(to_jsonb(x)) AS rows FROM stage_attachment x JOIN a USING (line) GROUP BY 1) attachment USING (line)
          LEFT JOIN (SELECT line, jsonb_agg(to_jsonb(x)) AS rows FROM stage_contact x JOIN a USING (line) GROUP BY 1) contact USING (line)
          LEFT JOIN (SELECT line, jsonb_agg(to_jsonb(x)) AS rows FROM stage_former x JOIN a USING (line) GROUP BY 1) former USING (line)
          LEFT JOIN (SELECT line, jsonb_agg(to_jsonb(x)) AS rows FROM stage_document x JOIN a USING (line) GROUP BY 1) document USING (line)
          LEFT JOIN (SELECT line, jsonb_agg(to_jsonb(x)) AS rows FROM stage_category x JOIN a USING (line) GROUP BY 1) category USING (line)
          LEFT JOIN (SELECT line, jsonb_agg(to_jsonb(x)) AS rows FROM stage_consent x JOIN a USING (line) GROUP BY 1) consent USING (line)
       ) q
 ORDER BY fingerprint, line
    ON CONFLICT (organisation_id, fingerprint) WHERE state = 'open' DO UPDATE
   SET given = excluded.given, candidates = excluded.candidates, run_id = excluded.run_id, line = excluded.line,
       why = excluded.why;
