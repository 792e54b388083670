-- Those of the listeners (employee, assignment, mark of the session, hears the journal) who may still listen. Read by live.listener every 15 s.
-- Budget: 150 ms for 10 000 listeners. A mark is the beginning of the hash of the session's key, as audit.middleware makes it.
WITH asked AS (
    SELECT * FROM unnest(%(employees)s::bigint[], %(assignments)s::bigint[], %(marks)s::text[], %(journal)s::bool[])
        AS asked (employee, assignment, mark, journal)
),
alive AS (
    SELECT known.user_id, left(encode(sha256(known.session_key::bytea), 'hex'), 16) AS mark
      FROM usersessions_usersession known
      JOIN django_session kept ON kept.session_key = known.session_key AND kept.expire_date > statement_timestamp()
     WHERE known.user_id IN (SELECT employee FROM asked)
)
SELECT DISTINCT asked.employee, asked.assignment, asked.mark, asked.journal
  FROM asked
  JOIN organisations_employee employee ON employee.id = asked.employee AND employee.is_active
  JOIN alive ON alive.user_id = asked.employee AND alive.mark = asked.mark
 WHERE EXISTS (SELECT 1 FROM organisations_assignment held JOIN organisations_role role ON role.id = held.role_id
                WHERE held.id = asked.assignment AND held.employee_id = asked.employee
                  AND (held.until IS NULL OR held.until >= current_date - 1)
                  AND (NOT asked.journal OR 'appeals:view' = ANY (role.rights)));
