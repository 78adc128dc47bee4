// title: The family unit of a person
// purpose: Everybody directly linked to the person in the systems that make the unit, with every link between the two,
//   whichever source says so. One row a link. `forwards` true reads "(member) is the CODE of (person)", false the
//   other way round.
// parameters:
//   person_id: text - the person at the centre
//   sources: texts - the case management systems whose links make the unit; none means any source
//   scoped: flag - whether only the people in `allowed` may appear
//   allowed: texts - the people who may appear when scoped
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, forename, surname, known_as, sex, dob, dob_estimated, dod, status, shielded, sensitive_involved,
//   code, forwards, start, end, parental_responsibility, is_main_carer, lives_with, basis, source_label, zygosity,
//   source, source_row, extracted_on, updated_on
// rows: 1000
// seconds: 3
MATCH (p:Person {person_id: $person_id})-[makes:RELATED_TO]-(m:Person)
WHERE NOT p.person_id IN $excluded AND (NOT $scoped OR p.person_id IN $allowed)
  AND NOT m.person_id IN $excluded AND (NOT $scoped OR m.person_id IN $allowed)
  AND m.person_id <> $person_id AND (size($sources) = 0 OR makes.source IN $sources)
WITH DISTINCT p, m
MATCH (p)-[r:RELATED_TO]-(m)
RETURN m.person_id AS person_id, m.forename AS forename, m.surname AS surname, m.known_as AS known_as, m.sex AS sex,
       m.dob AS dob, m.dob_estimated AS dob_estimated, m.dod AS dod, m.status AS status, m.shielded AS shielded,
       m.sensitive_involved AS sensitive_involved, r.code AS code, startNode(r).person_id = m.person_id AS forwards,
       r.start AS start, r.end AS `end`, r.parental_responsibility AS parental_responsibility,
       r.is_main_carer AS is_main_carer, r.lives_with AS lives_with, r.basis AS basis, r.source_label AS source_label,
       r.zygosity AS zygosity, r.source AS source, r.source_row AS source_row, r.extracted_on AS extracted_on,
       r.updated_on AS updated_on
ORDER BY person_id, source, code, CASE WHEN start IS NULL THEN 1 ELSE 0 END, start DESC, source_row
