-- An insurer's file changes its own people, newcomers to it, and nobody else. Read by importing.merging after match.sql.

UPDATE found f SET verdict = 'foreign'
  FROM stage_person s, insured_person p
 WHERE f.line = s.line AND p.id = f.person_id AND f.verdict = 'same' AND s.forced IS NULL
   AND p.insurer_id <> %(insurer)s
   AND NOT coalesce(s.insurer_id = %(insurer)s
                    AND s.covered_since > (SELECT max(o.since) FROM insured_policy o
                                            WHERE o.person_id = p.id AND o.since <= %(today)s
                                              AND (o.until IS NULL OR o.until >= %(today)s)), false);

UPDATE found f SET verdict = 'foreign'
  FROM stage_person s
 WHERE f.line = s.line AND f.verdict = 'new' AND s.forced IS NULL AND s.insurer_id <> %(insurer)s;
