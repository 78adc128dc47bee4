-- One row a person of the class: names, and everything they may be found by. Reads seen.* only.
WITH home AS (
    SELECT person_id,
           list(DISTINCT postcode) FILTER (postcode IS NOT NULL) AS postcodes,
           list(DISTINCT text) FILTER (text IS NOT NULL) AS lines,
           first(text ORDER BY start DESC NULLS LAST, source, text) FILTER ("end" IS NULL AND text IS NOT NULL) AS place
    FROM seen.residence GROUP BY person_id
), known AS (
    SELECT person_id,
           list(DISTINCT {'source': source, 'value': record_id}) AS records,
           list(DISTINCT nhs_number) FILTER (nhs_number IS NOT NULL) AS nhs_numbers,
           list(DISTINCT upn) FILTER (upn IS NOT NULL) AS upns
    FROM seen.record GROUP BY person_id
)
SELECT p.person_id, p.forename, p.surname, p.sex, p.dob,
       CASE WHEN k.person_id IS NOT NULL THEN p.middle_names END AS middle_names,
       CASE WHEN k.person_id IS NOT NULL THEN p.known_as END AS known_as,
       CASE WHEN k.person_id IS NOT NULL THEN p.other_names END AS other_names,
       h.postcodes, h.lines, h.place, k.records, k.nhs_numbers, k.upns
FROM seen.person p LEFT JOIN home h USING (person_id) LEFT JOIN known k USING (person_id)
ORDER BY p.person_id
