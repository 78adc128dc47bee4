// title: These records
// purpose: Source records by their keys, as supplied, with the person each was judged to be: what two records are
//   compared by.
// parameters:
//   record_keys: texts - the records, each as `source:record id`
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: record_key, person_id, shielded, source, record_id, forename, middle_names, surname, known_as, other_names,
//   sex, dob, dob_estimated, dod, nhs_number, upn, uln, llid, pnc, match_basis, source_row, extracted_on, updated_on
// rows: 2000
// seconds: 3
UNWIND $record_keys AS one
WITH DISTINCT one
MATCH (r:Record {record_key: one})<-[why:RECORDED_AS]-(p:Person)
WHERE NOT p.person_id IN $excluded
RETURN r.record_key AS record_key, p.person_id AS person_id, p.shielded AS shielded, r.source AS source,
       r.record_id AS record_id, r.forename AS forename, r.middle_names AS middle_names, r.surname AS surname,
       r.known_as AS known_as, r.other_names AS other_names, r.sex AS sex, r.dob AS dob,
       r.dob_estimated AS dob_estimated, r.dod AS dod, r.nhs_number AS nhs_number, r.upn AS upn, r.uln AS uln,
       r.llid AS llid, r.pnc AS pnc, why.match_basis AS match_basis, r.source_row AS source_row,
       r.extracted_on AS extracted_on, r.updated_on AS updated_on
ORDER BY record_key
