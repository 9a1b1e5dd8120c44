-- Organisations and members.

-- organisation_create(name text, short_name text, network text, territory bigint, address text?, commune text?, phone text?, email text?) -> row
insert into data.organisation (name, short_name, network, territory_id, address, commune_code, base, phone, email)
values (:name, :short_name, :network, :territory, :address, :commune,
        (select c.centre from data.commune c where c.code = :commune), :phone, :email)
returning id;

-- organisation_list() -> row*
select o.id, o.network, o.name, t.name as territory,
       (select count(*) from data.membership m
         where m.organisation_id = o.id and (m.ended_on is null or m.ended_on > current_date)) as members
  from data.organisation o join data.territory t on t.id = o.territory_id
 order by o.network, o.name;

-- member_create(email text, name text, hash text) -> row
insert into data.member (email, name, password_hash) values (lower(:email), :name, :hash) returning id;

-- member_find(email text) -> row?
select id from data.member where email = lower(:email);

-- member_join(member bigint, organisation bigint, role text) -> void
insert into data.membership as m (member_id, organisation_id, role) values (:member, :organisation, :role)
on conflict (member_id, organisation_id) do update set role = excluded.role, ended_on = null;

-- member_leave(member bigint, organisation bigint) -> row?
update data.membership set ended_on = current_date
 where member_id = :member and organisation_id = :organisation and (ended_on is null or ended_on > current_date)
returning member_id;

-- member_password(member bigint, hash text) -> void
-- A new password ends the sessions opened with the old one.
with changed as (
    update data.member set password_hash = :hash where id = :member returning id
)
delete from data.session s using changed c where s.member_id = c.id;
