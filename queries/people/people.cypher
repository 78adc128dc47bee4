// title: These people
// purpose: What tells people in a list apart: names, birth, sex and standing of each.
// parameters:
//   person_ids: texts - the people
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, forename, surname, known_as, other_names, sex, dob, dob_estimated, dod, status, shielded, source,
//   source_row, extracted_on, updated_on
// rows: 1000
// seconds: 3
UNWIND $person_ids AS one
WITH DISTINCT one
MATCH (p:Person {person_id: one})
WHERE NOT p.person_id IN $excluded
RETURN p.person_id AS person_id, p.forename AS forename, p.surname AS surname, p.known_as AS known_as,
       p.other_names AS other_names, p.sex AS sex, p.dob AS dob, p.dob_estimated AS dob_estimated, p.dod AS dod,
       p.status AS status, p.shielded AS shielded, p.source AS source, p.source_row AS source_row,
       p.extracted_on AS extracted_on, p.updated_on AS updated_on
ORDER BY person_id
