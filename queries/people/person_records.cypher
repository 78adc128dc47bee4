// title: The records of a person
// purpose: Every source record judged to be this person, as supplied, and why it was joined. Sources that disagree
//   stand side by side.
// parameters:
//   person_id: text - the person
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: source, record_id, forename, middle_names, surname, known_as, other_names, sex, dob, dob_estimated, dod,
//   nhs_number, upn, uln, llid, pnc, match_basis, probability, source_row, extracted_on, updated_on
// rows: 200
// seconds: 2
MATCH (p:Person {person_id: $person_id})-[why:RECORDED_AS]->(r:Record)
WHERE NOT p.person_id IN $excluded
RETURN r.source AS source, r.record_id AS record_id, r.forename AS forename, r.middle_names AS middle_names,
       r.surname AS surname, r.known_as AS known_as, r.other_names AS other_names, r.sex AS sex, r.dob AS dob,
       r.dob_estimated AS dob_estimated, r.dod AS dod, r.nhs_number AS nhs_number, r.upn AS upn, r.uln AS uln,
       r.llid AS llid, r.pnc AS pnc, why.match_basis AS match_basis, why.probability AS probability,
       r.source_row AS source_row, r.extracted_on AS extracted_on, r.updated_on AS updated_on
ORDER BY source, record_id
