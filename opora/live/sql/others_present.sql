-- The others who have a card open, by name, each once. Read by live.services.announce_presence. Budget: 1 ms.
-- Their organisation is what row security lets the reader know: her own people's, or nothing.
SELECT DISTINCT employee.surname, employee.given_name, employee.patronymic, held.organisation_id, place.name AS organisation
  FROM live_presence present
  JOIN organisations_employee employee ON employee.id = present.employee_id
  LEFT JOIN LATERAL (
       SELECT organisation_id FROM organisations_assignment
        WHERE employee_id = employee.id AND since <= current_date AND (until IS NULL OR until >= current_date)
        ORDER BY since, id LIMIT 1) held ON true
  LEFT JOIN organisations_organisation place ON place.id = held.organisation_id
 WHERE present.subject = %(subject)s AND present.until >= statement_timestamp() AND present.employee_id <> %(employee)s
 ORDER BY employee.surname, employee.given_name
 LIMIT 10;
