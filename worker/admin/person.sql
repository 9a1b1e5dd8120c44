-- What a person may ask for, by command: found, handed over, erased; and the purge.

-- person_found(hashes bytea[]) -> row*
-- Contacts that have one of the hashes: number, sealed person, establishment, SIRET, organisation, opposed, last contact,
-- kept until.
select c.id, encode(c.person, 'hex'), e.name, e.siret, o.name, c.opposition_id is not null, k.last_on, k.keep_until
  from data.contact c
  join data.contact_clock k on k.contact_id = c.id
  join data.establishment e on e.id = c.establishment_id
  join data.organisation o on o.id = c.organisation_id
 where c.id in (select x.contact_id from data.contact_key x where x.hash = any (:hashes))
 order by c.id;

-- person_dossier_all(contact bigint) -> row?
-- Everything known of the person of a contact, whoever gave it, persons sealed in it; leaves a trace on each contact.
with ids as materialized (
    select array_agg(c.id order by c.id) as ids
      from data.contact c
     where c.id in (select data.contact_same(:contact)) and c.erased_at is null
), told as materialized (
    select count(data.log('contact.exported', c.establishment_id, null, jsonb_build_object('contact', c.id)))
      from data.contact c, ids where c.id = any (ids.ids)
)
select api.dossier(ids.ids)::text from ids, told
 where :contact = any (ids.ids);

-- person_same(contact bigint) -> row*
-- The contacts of the same person: number.
select c.id from data.contact c where c.id in (select data.contact_same(:contact)) and c.erased_at is null order by c.id;

-- person_erase(contact bigint) -> row
select data.contact_erase(:contact, 'request');

-- person_ending() -> row*
-- Those the purge erases: number, establishment, organisation, last contact, kept until.
select k.contact_id, e.name, o.name, k.last_on, k.keep_until
  from data.contact_clock k
  join data.establishment e on e.id = k.establishment_id
  join data.organisation o on o.id = k.organisation_id
 where k.keep_until < data.today()
 order by k.keep_until, k.contact_id;

-- person_purge(most int) -> row
select data.contact_purge(:most);

-- retention_set(network text?, months int) -> row
-- A new version of the agreement of a network, or of the common one, with this retention; in force from today.
select data.agreement_change(:network, jsonb_build_object('retention_months', :months));
