-- One message to one number: the others of a number get the reason «same_number». Read by planning.
UPDATE judged SET reason = 'same_number'
  FROM (SELECT person_id, row_number() OVER (PARTITION BY address ORDER BY inform_by NULLS LAST, person_id) AS place
          FROM judged WHERE reason = '') numbered
 WHERE judged.person_id = numbered.person_id AND numbered.place > 1
