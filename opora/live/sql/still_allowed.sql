-- Those of the listeners (employee, assignment, mark of the session) who may still listen. Read by live.listener every 15 s.
-- Budget: 150 ms for 10 000 listeners. A mark is the beginning of the hash of the session's key, as audit.middleware makes it.
WITH asked AS (
    SELECT * FROM unnest(%(employees)s::bigint[], %(assignments)s::bigint[], %(marks)s::text[])
        AS asked (employee, assignment, mark)
),
alive AS (
    SELECT user_id, left(encode(sha256(session_key::bytea), 'hex'), 16) AS mark
      FROM usersessions_usersession
     WHERE user_id IN (SELECT employee FROM asked)
)
SELECT DISTINCT asked.employee, asked.assignment, asked.mark
  FROM asked
  JOIN organisations_employee employee ON employee.id = asked.employee AND employee.is_active
  JOIN alive ON alive.user_id = asked.employee AND alive.mark = asked.mark
 WHERE asked.assignment = 0
    OR EXISTS (SELECT 1 FROM organisations_assignment held
                WHERE held.id = asked.assignment AND held.employee_id = asked.employee
                  AND (held.until IS NULL OR held.until >= current_date - 1));
