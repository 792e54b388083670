-- The history of cards for contacts that a night has confirmed or lowered. Read by quality.nightly.weigh.
-- Budget: 100 000 lines under 3 s.
INSERT INTO insured_personchange (person_id, at, by_id, by_name, source, row, field, before, after)
SELECT person_id, now(), NULL, '', 'квитанции', 'contact', 'state',
       CASE state WHEN 'confirmed' THEN 'подтверждён' ELSE 'не подтверждён' END,
       CASE becomes WHEN 'confirmed' THEN 'подтверждён' ELSE 'не подтверждён' END
  FROM weighed WHERE becomes <> state
