-- Contacts and oppositions.

-- contact_new(establishment bigint, family_name text, given_name text?, position text?, phone text?, email text?, channel text?, shared boolean) -> json
-- Adds a contact confirmed today; returns it.
with added as (
    insert into data.contact (establishment_id, organisation_id, member_id, family_name, given_name, position, phone, email,
                              channel, shared, confirmed_on)
    values (:establishment, auth.organisation(), auth.member(), :family_name, :given_name, :position,
            regexp_replace(:phone, '[^0-9+]', '', 'g'), :email, :channel, :shared, data.today())
    returning *
)
select row_to_json(r), r.version::text
  from (
    select k.id, k.family_name, k.given_name, k.position, k.phone, k.email, k.channel, k.shared, k.confirmed_on,
           api.organisation_ref(o) as organisation, k.version
      from added k join data.organisation o on o.id = k.organisation_id
  ) r;

-- contact_edit(id bigint, version bigint, family_name text?, given_name text?, position text?, phone text?, email text?, channel text?, shared boolean?, confirmed boolean?) -> json?
-- Changes what is given of one's organisation's contact, if its version is still that one; no row otherwise.
with changed as (
    update data.contact k
       set family_name = coalesce(:family_name, k.family_name), given_name = coalesce(:given_name, k.given_name),
           position = coalesce(:position, k.position),
           phone = coalesce(regexp_replace(:phone, '[^0-9+]', '', 'g'), k.phone), email = coalesce(:email, k.email),
           channel = coalesce(:channel, k.channel), shared = coalesce(:shared, k.shared),
           confirmed_on = case when :confirmed then data.today() else k.confirmed_on end
     where k.id = :id and k.version = :version
    returning *
)
select row_to_json(r), r.version::text
  from (
    select k.id, k.family_name, k.given_name, k.position, k.phone, k.email, k.channel, k.shared, k.confirmed_on,
           api.organisation_ref(o) as organisation, k.version
      from changed k join data.organisation o on o.id = k.organisation_id
  ) r;

-- contact_owned(id bigint) -> row
-- Whether one's organisation gave this contact: no row when it cannot be seen at all.
select case when k.organisation_id = auth.organisation() then 'mine' else 'other' end
  from data.contact k where k.id = :id;

-- opposition_new(establishment bigint, reason text?) -> void
-- An employer refuses to be solicited: binds every partner at once. Recorded twice, it stays one.
insert into data.opposition (establishment_id, organisation_id, member_id, reason)
values (:establishment, auth.organisation(), auth.member(), :reason)
on conflict (establishment_id) where lifted_at is null do nothing;

-- opposition_end(id bigint, reason text) -> row
-- Lifts an opposition that one's own organisation recorded.
update data.opposition x set lifted_at = data.now(), lifted_reason = :reason
 where x.id = :id and x.organisation_id = auth.organisation()
returning x.id;
