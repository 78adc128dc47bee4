// title: A person
// purpose: The facts shown at the head of a person's page. The holder of parental responsibility is blank where
//   somebody excluded bears that name.
// parameters:
//   person_id: text - the person
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, forename, middle_names, surname, known_as, other_names, sex, dob, dob_estimated, dod, status,
//   shielded, pr_holder, sensitive_involved, source, source_row, extracted_on, updated_on
// rows: 1
// seconds: 2
CALL {
  UNWIND $excluded AS one
  MATCH (x:Person {person_id: one})
  RETURN collect(trim(coalesce(x.forename, '') + ' ' + coalesce(x.surname, ''))) AS unnamed
}
MATCH (p:Person {person_id: $person_id})
WHERE NOT p.person_id IN $excluded
RETURN p.person_id AS person_id, p.forename AS forename, p.middle_names AS middle_names, p.surname AS surname,
       p.known_as AS known_as, p.other_names AS other_names, p.sex AS sex, p.dob AS dob,
       p.dob_estimated AS dob_estimated, p.dod AS dod, p.status AS status, p.shielded AS shielded,
       CASE WHEN p.pr_holder IN unnamed THEN null ELSE p.pr_holder END AS pr_holder,
       p.sensitive_involved AS sensitive_involved, p.source AS source, p.source_row AS source_row,
       p.extracted_on AS extracted_on, p.updated_on AS updated_on
ORDER BY person_id
