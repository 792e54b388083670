-- Marks of contacts as weighed; those that stay as they were are not written. A delivery moves its day on once in three
-- months, so that a quiet night writes little. Read by quality.nightly.weigh. Budget: 1 million marks under 30 s.
UPDATE insured_contact c
   SET state = w.becomes, failures = w.failures,
       confirmed_on = CASE WHEN w.becomes = 'unconfirmed' THEN NULL
                           WHEN w.state = 'unconfirmed' OR w.arrived_on > w.confirmed_on + 90 THEN w.arrived_on
                           ELSE c.confirmed_on END,
       confirmed_by = CASE WHEN w.becomes = 'unconfirmed' THEN ''
                           WHEN w.state = 'unconfirmed' THEN 'delivery' ELSE c.confirmed_by END
  FROM weighed w
 WHERE c.id = w.id AND c.state = w.state
   AND (w.becomes <> w.state OR w.failures <> w.failed_before OR w.arrived_on > w.confirmed_on + 90)
