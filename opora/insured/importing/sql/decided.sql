-- What employees decided about the same rows before is not asked again. Read by importing.merging before match.sql.

UPDATE stage_person s
   SET forced = CASE t.state WHEN 'skipped' THEN -1 ELSE t.chosen_id END
  FROM insured_matchtask t
 WHERE t.organisation_id = %(organisation)s AND t.state <> 'open'
   AND t.fingerprint = md5(concat_ws('|', s.enp, s.snils, lower(s.surname), lower(s.given_name), lower(s.patronymic), s.birth_on));
