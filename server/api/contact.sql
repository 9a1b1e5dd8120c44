-- Contacts and oppositions. Persons travel sealed; the server opens and seals them (base/person.h).

-- contact_number() -> row
-- The number of a contact to be.
select api.contact_number();

-- contact_new(contact bigint, establishment bigint, person bytea, keys json, channel text?, shared boolean) -> void
-- Adds a contact confirmed today; refused when the person is opposed.
select api.contact_add(:contact, :establishment, :person, :keys, :channel, :shared);

-- contact_one(contact bigint) -> json?
-- One contact and its version.
select row_to_json(r), r.version::text from api.contact_row r where r.id = :contact;

-- contact_sealed(contact bigint) -> row?
-- The sealed person in hexadecimal, and its version.
select encode(c.person, 'hex'), c.version from data.contact c where c.id = :contact and c.erased_at is null;

-- contact_edit(contact bigint, version bigint, person bytea?, keys json?, channel text?, shared boolean?, confirmed boolean?) -> void
-- Changes what is given of one's organisation's contact, if its version is still that one.
select api.contact_change(:contact, :version::integer, :person, :keys, :channel, :shared, :confirmed);

-- contact_employer(contact bigint) -> row?
-- Phone and e-mail of the employer itself.
select e.phone, e.email from data.contact c join data.establishment e on e.id = c.establishment_id where c.id = :contact;

-- person_oppose(contact bigint, reason text?, spared text) -> row
-- A person refuses to be contacted: binds every partner at once. Recorded twice, it stays one.
select api.oppose_person(:contact, :reason, :spared);

-- opposition_new(establishment bigint, reason text?) -> void
-- An employer refuses to be solicited: binds every partner at once. Recorded twice, it stays one.
insert into data.opposition (establishment_id, organisation_id, member_id, reason)
values (:establishment, auth.organisation(), auth.member(), :reason)
on conflict (establishment_id) where lifted_at is null and subject = 'establishment' do nothing;

-- opposition_end(id bigint, reason text) -> row
-- Lifts an opposition that one's own organisation recorded.
update data.opposition x set lifted_at = data.now(), lifted_reason = :reason
 where x.id = :id and x.organisation_id = auth.organisation()
returning x.id;
