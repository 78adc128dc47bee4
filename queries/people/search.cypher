// title: Exact search by surname and date of birth
// purpose: Everybody whose surname as shown is exactly this one, in any case, and who was born on this day. It forgives
//   nothing: people search on the pages uses an index of its own.
// parameters:
//   surname: text - the surname
//   dob: date - the date of birth
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, forename, surname, known_as, sex, dob, status, shielded
// rows: 50
// seconds: 3
MATCH (p:Person)
WHERE p.dob = $dob AND toLower(p.surname) = toLower($surname) AND NOT p.person_id IN $excluded
RETURN p.person_id AS person_id, p.forename AS forename, p.surname AS surname, p.known_as AS known_as, p.sex AS sex,
       p.dob AS dob, p.status AS status, p.shielded AS shielded
ORDER BY surname, forename, person_id
