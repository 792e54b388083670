-- Planned visits that took place, for each diagnosis of the person: a visit closes the nearest one still open, no more than
-- thirty days away, and one planned visit takes one visit. What lies within a visit that has taken place belongs to it.
-- Pairs that are nearest to each other are closed; asked again until nothing is left. Read by visits.close.
-- Budget: 50 000 visits under 3 s.
WITH pair AS (
  SELECT v.id, i."on",
         row_number() OVER (PARTITION BY v.id ORDER BY away.days, i."on") AS of_planned,
         row_number() OVER (PARTITION BY v.person_id, v.diagnosis, i."on" ORDER BY away.days, v.visit_from, v.id) AS of_visit
    FROM informing_visit i
    JOIN informing_plannedvisit v ON v.person_id = i.person_id AND v.measure = i.measure
   CROSS JOIN LATERAL (SELECT greatest(v.visit_from - i."on", i."on" - v.visit_to, 0) AS days) away
   WHERE i.roll_id = %(roll)s AND (%(person)s::bigint IS NULL OR i.person_id = %(person)s) AND i.corrected_by IS NULL
     AND v.came_on IS NULL AND away.days <= 30
     AND NOT EXISTS (
           SELECT 1 FROM informing_plannedvisit took
            WHERE took.person_id = v.person_id AND took.measure = v.measure AND took.diagnosis = v.diagnosis
              AND took.came_on IS NOT NULL
              AND (took.came_on = i."on" OR away.days > 0 AND i."on" BETWEEN took.visit_from AND took.visit_to))
)
UPDATE informing_plannedvisit v SET came_on = pair."on"
  FROM pair WHERE v.id = pair.id AND pair.of_planned = 1 AND pair.of_visit = 1
