// title: The records of these people
// purpose: What each source says of the name, birth and sex of each of these people, so that a list can say who says so.
// parameters:
//   person_ids: texts - the people
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, source, record_id, forename, surname, sex, dob, dob_estimated, dod, source_row, extracted_on,
//   updated_on
// rows: 3000
// seconds: 3
UNWIND $person_ids AS one
WITH DISTINCT one
MATCH (p:Person {person_id: one})-[:RECORDED_AS]->(r:Record)
WHERE NOT p.person_id IN $excluded
RETURN p.person_id AS person_id, r.source AS source, r.record_id AS record_id, r.forename AS forename,
       r.surname AS surname, r.sex AS sex, r.dob AS dob, r.dob_estimated AS dob_estimated, r.dod AS dod,
       r.source_row AS source_row, r.extracted_on AS extracted_on, r.updated_on AS updated_on
ORDER BY person_id, source, record_id
