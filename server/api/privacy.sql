-- Personal data: the register of oppositions, and what a person may ask for.

-- oppositions_list(all boolean, subject text?, before bigint, most bigint) -> json*
-- The register, newest first; those lifted too when `all`.
select row_to_json(r), r.id::text
  from api.opposition_row r
 where (:all or r.lifted_at is null) and (:subject is null or r.subject = :subject) and r.id < :before
 order by r.id desc
 limit :most;

-- people_found(hashes bytea[]) -> json*
-- Contacts that have one of the hashes, of those the reader sees.
select row_to_json(r)
  from (
    select k.*, json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment,
           c.last_on, c.keep_until,
           case auth.role() when 'administrator' then true else x.organisation_id = auth.organisation() end as erasable
      from api.contact_row k
      join data.contact x on x.id = k.id
      join data.contact_clock c on c.contact_id = k.id
      join data.establishment e on e.id = k.establishment_id
     where k.id in (select api.contact_search(:hashes))
     order by k.id
     limit 100
  ) r;

-- people_ending(days bigint, before text?, most bigint) -> json*
-- Contacts of one's organisation (of all, for an administrator) that the purge erases within so many days, soonest first.
select row_to_json(r), r.keep_until || ',' || r.id
  from (
    select k.id, k.sealed, k.establishment, k.organisation, k.last_on, k.keep_until
      from api.contact_ending k
     where k.keep_until < data.today() + :days::integer
       and (auth.role() = 'administrator' or k.organisation_id = auth.organisation())
       and (:before is null or (k.keep_until, k.id) > (split_part(:before, ',', 1)::date, split_part(:before, ',', 2)::bigint))
     order by k.keep_until, k.id
     limit :most
  ) r;

-- person_forget(contact bigint) -> void
-- Erases one contact, at the request of the person.
select api.contact_forget(:contact);

-- person_dossier(contact bigint) -> json
-- Everything known of the person of a contact, for that person; leaves a trace.
select api.contact_dossier(:contact);

-- person_table(contact bigint) -> row*
-- The same contacts as a table.
with d as materialized (select api.contact_dossier(:contact) as doc)
select c ->> 'sealed' as person, c ->> 'channel' as canal, c -> 'establishment' ->> 'siret' as siret,
       c -> 'establishment' ->> 'name' as "établissement", c ->> 'organisation' as "donné par", c ->> 'given_by' as membre,
       c ->> 'file' as fichier, left(c ->> 'created_at', 10) as "donné le", c ->> 'confirmed_on' as "confirmé le",
       c ->> 'last_on' as "dernier contact", c ->> 'keep_until' as "conservé jusqu’au"
  from d, json_array_elements(d.doc -> 'contacts') c;
