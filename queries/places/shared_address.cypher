// title: Who lived at the same address at the same time?
// purpose: Other people recorded at one of the person's addresses while the person was. A missing date counts as open.
//   Hostels, schools, hospitals and other communal places join nobody, nor does an address for letters only.
// parameters:
//   person_id: text - the person
//   scoped: flag - whether only the people in `allowed` may appear
//   allowed: texts - the people who may appear when scoped
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: other_id, forename, surname, sex, dob, address_id, text, postcode, start, end, own_start, own_end, source
// rows: 500
// seconds: 3
MATCH (p:Person {person_id: $person_id})-[mine:LIVED_AT]->(a:Address)
WHERE NOT p.person_id IN $excluded AND (NOT $scoped OR p.person_id IN $allowed)
  AND NOT coalesce(a.communal, false) AND coalesce(mine.type, 'home') <> 'correspondence'
WITH p, mine, a
MATCH (a)<-[theirs:LIVED_AT]-(o:Person)
WHERE o.person_id <> $person_id AND NOT o.person_id IN $excluded AND (NOT $scoped OR o.person_id IN $allowed)
  AND coalesce(theirs.type, 'home') <> 'correspondence'
  AND (theirs.start IS NULL OR mine.end IS NULL OR theirs.start <= mine.end)
  AND (mine.start IS NULL OR theirs.end IS NULL OR mine.start <= theirs.end)
RETURN o.person_id AS other_id, o.forename AS forename, o.surname AS surname, o.sex AS sex, o.dob AS dob,
       a.address_id AS address_id, a.text AS text, a.postcode AS postcode, theirs.start AS start, theirs.end AS `end`,
       mine.start AS own_start, mine.end AS own_end, theirs.source AS source
ORDER BY CASE WHEN start IS NULL THEN 1 ELSE 0 END, start DESC, address_id, other_id, source,
         CASE WHEN own_start IS NULL THEN 1 ELSE 0 END, own_start DESC
