-- Everything an organisation wrote or gave, table by table.

-- export_organisation(organisation bigint) -> row*
select o.id, o.network, o.name, o.short_name, t.name as territory, o.address, o.commune_code, o.phone, o.email, o.created_at
  from data.organisation o join data.territory t on t.id = o.territory_id where o.id = :organisation;

-- export_members(organisation bigint) -> row*
select m.id, m.email, m.name, s.role, s.since, s.ended_on
  from data.membership s join data.member m on m.id = s.member_id
 where s.organisation_id = :organisation order by m.id;

-- export_establishments(organisation bigint) -> row*
-- Those the organisation has a link, a promise, a visit, a contact, a need, an opposition or an offer with.
select e.id, e.siret, e.name, e.legal_name, e.brand, e.address, e.postcode, e.city, e.commune_code,
       st_x(e.location) as lon, st_y(e.location) as lat, e.naf, e.size_band, e.status, e.phone, e.email
  from data.establishment e
 where e.id in (select l.establishment_id from data.link l join data.source_record r on r.id = l.source_record_id
                  join data.source_file f on f.id = r.file_id where f.organisation_id = :organisation and l.undone_at is null
                union select establishment_id from data.promise where organisation_id = :organisation
                union select establishment_id from data.visit where organisation_id = :organisation
                union select establishment_id from data.contact where organisation_id = :organisation
                union select establishment_id from data.need where organisation_id = :organisation
                union select establishment_id from data.opposition where organisation_id = :organisation
                union select establishment_id from data.offer where organisation_id = :organisation)
 order by e.id;

-- export_promises(organisation bigint) -> row*
select t.* from data.promise t where t.organisation_id = :organisation order by t.id;

-- export_visits(organisation bigint) -> row*
select t.* from data.visit t where t.organisation_id = :organisation order by t.id;

-- export_reports(organisation bigint) -> row*
select t.*, n.note as network_note
  from data.report t left join data.report_note n on n.visit_id = t.visit_id and n.organisation_id = t.organisation_id
 where t.organisation_id = :organisation order by t.visit_id;

-- export_contacts(organisation bigint) -> row*
-- Persons are opened by the command; those who are opposed stay out, their erased rows too.
select t.id, t.establishment_id, t.member_id, t.source_record_id, encode(t.person, 'hex') as person, t.channel, t.shared,
       t.confirmed_on, t.confirmed_by, t.created_at
  from data.contact t
 where t.organisation_id = :organisation and t.erased_at is null and t.opposition_id is null order by t.id;

-- export_contact_events(organisation bigint) -> row*
select t.* from data.contact_event t where t.organisation_id = :organisation order by t.id;

-- export_needs(organisation bigint) -> row*
select t.* from data.need t where t.organisation_id = :organisation order by t.id;

-- export_oppositions(organisation bigint) -> row*
select t.* from data.opposition t where t.organisation_id = :organisation order by t.id;

-- export_offers(organisation bigint) -> row*
select t.* from data.offer t where t.organisation_id = :organisation order by t.id;

-- export_offer_steps(organisation bigint) -> row*
select s.* from data.offer_step s join data.offer o on o.id = s.offer_id where o.organisation_id = :organisation order by s.id;

-- export_files(organisation bigint) -> row*
select f.id, f.name, encode(f.sha256, 'hex') as sha256, f.bytes, f.received_at, f.state, f.summary
  from data.source_file f where f.organisation_id = :organisation order by f.id;

-- export_records(organisation bigint) -> row*
-- Lines are opened by the command: names of the columns, then file, line and the sealed cells.
select r.id, r.file_id, r.line,
       case when r.sealed is null then r.received::text
            else coalesce(f.columns, '[]')::text || E'\n' || r.file_id || ' ' || r.line || ' ' || encode(r.sealed, 'hex') end as received, r.siret, r.state, r.reason, l.establishment_id, l.method, l.score
  from data.source_record r
  join data.source_file f on f.id = r.file_id
  left join data.link l on l.source_record_id = r.id and l.undone_at is null
 where f.organisation_id = :organisation order by r.id;

-- export_events(organisation bigint) -> row*
select t.id, t.at, t.kind, t.member_id, t.establishment_id, t.offer_id, t.data
  from data.event t where t.organisation_id = :organisation order by t.id;

-- export_file_content(file bigint) -> row?
select encode(content, 'hex'), is_sealed from data.source_file where id = :file and content is not null;
