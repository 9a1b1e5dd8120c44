-- Contacts as the administration command seals them.

-- contact_plain_next(after bigint, most int) -> row*
-- Contacts that wait in plain text: number, family name, given name, position, phone, e-mail.
select p.contact_id, p.family_name, p.given_name, p.position, p.phone, p.email
  from data.contact_plain p where p.contact_id > :after order by p.contact_id limit :most;

-- contact_old_next(version int, after bigint, most int) -> row*
-- Contacts sealed with another key than that one: number, sealed person in hexadecimal.
select c.id, encode(c.person, 'hex')
  from data.contact c
 where c.id > :after and c.person is not null
   and (get_byte(c.person, 0) << 8 | get_byte(c.person, 1)) <> :version
 order by c.id limit :most;

-- contact_seal(batch json) -> row
-- How many of the batch were sealed.
select data.contact_seal(:batch);

-- contact_plain_empty() -> void
-- Leaves no file behind with what was deleted.
truncate data.contact_plain;

-- contact_versions() -> row*
-- Versions of keys in use, and how many contacts each seals.
select get_byte(c.person, 0) << 8 | get_byte(c.person, 1) as version, count(*)
  from data.contact c where c.person is not null group by 1 order by 1;
