-- Who people are, as partners' lists ask: names, numbers, the policy in force, the contact to use first, the document,
-- the doctor. One row per person. Read by outbound.people. Budget: 50 000 people under 3 s.
SELECT p.id, p.surname, p.given_name, p.patronymic, p.birth_on, p.sex, coalesce(p.enp, '') AS enp,
       coalesce(p.snils, '') AS snils, p.territory_id AS okato, coalesce(i.code, '') AS insurer_code,
       coalesce(o.kind::text, '') AS policy_kind, coalesce(o.series, '') AS policy_series,
       coalesce(o.number, '') AS policy_number, coalesce(c.phone, '') AS phone, coalesce(e.email, '') AS email,
       coalesce(h.address, '') AS address, coalesce(d.kind, '') AS document_kind,
       coalesce(d.series, '') AS document_series, coalesce(d.number, '') AS document_number,
       coalesce(a.doctor_snils, '') AS doctor_snils
  FROM insured_person p
  LEFT JOIN organisations_organisation i ON i.id = p.insurer_id
  LEFT JOIN LATERAL (SELECT kind, series, number FROM insured_policy WHERE person_id = p.id AND until IS NULL
                      ORDER BY since DESC, id DESC LIMIT 1) o ON TRUE
  LEFT JOIN LATERAL (SELECT coalesce('+' || nullif(normalised, ''), value) AS phone FROM insured_contact
                      WHERE person_id = p.id AND kind = 'phone' AND state IN ('unconfirmed', 'confirmed')
                      ORDER BY is_preferred DESC, normalised = '', state, confirmed_on DESC NULLS LAST, id LIMIT 1) c
         ON TRUE
  LEFT JOIN LATERAL (SELECT value AS email FROM insured_contact
                      WHERE person_id = p.id AND kind = 'email' AND state IN ('unconfirmed', 'confirmed')
                      ORDER BY is_preferred DESC, id LIMIT 1) e ON TRUE
  LEFT JOIN LATERAL (SELECT value AS address FROM insured_contact
                      WHERE person_id = p.id AND kind = 'address' AND state IN ('unconfirmed', 'confirmed')
                      ORDER BY is_preferred DESC, id LIMIT 1) h ON TRUE
  LEFT JOIN LATERAL (SELECT kind, series, number FROM insured_identitydocument
                      WHERE person_id = p.id AND is_current ORDER BY issued_on DESC NULLS LAST, id LIMIT 1) d ON TRUE
  LEFT JOIN LATERAL (SELECT doctor_snils FROM insured_attachment
                      WHERE person_id = p.id AND profile = 'therapy' AND until IS NULL LIMIT 1) a ON TRUE
 WHERE p.id = ANY (%(people)s)
