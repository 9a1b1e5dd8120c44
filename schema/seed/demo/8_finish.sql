-- What the record of an employer can tell besides: chosen values, two rows made one, an employer taken over by another.
create procedure demo.scenes()
    language plpgsql set search_path = data, ext, pg_temp as $$
declare
    who  demo.actor;
    r    record;
    made bigint;
    file bigint;
begin
    -- Brands that a file gives and the register does not know, read over the door.
    for r in
        select distinct on (e.id) e.id, s.fields ->> 'brand' as brand, a.n
          from source_record s
          join link l on l.source_record_id = s.id and l.undone_at is null
          join establishment e on e.id = l.establishment_id and e.brand is null and e.status = 'A'
          join visit v on v.establishment_id = e.id and v.state = 'done'
          join demo.actor a on a.member_id = v.member_id and a.organisation_id = v.organisation_id
         where s.fields ->> 'brand' is not null
         order by e.id, v.id limit 6
    loop
        select * into who from demo.actor a where a.n = r.n;
        call demo.speak(who);
        perform api.value_pin(r.id, 'brand', r.brand, 'Enseigne relevée sur place');
    end loop;

    -- Names noted at a forum came into the list before anybody saw whose they were: one was since made one with its employer,
    -- the others wait at the desk.
    for r in
        select row_number() over (order by s.id) as n, s.id as record, e.id as employer, f.member_id, f.organisation_id
          from source_file f
          join source_record s on s.file_id = f.id and s.state = 'review' and s.fields ->> 'name' is not null
          join establishment e on e.status = 'A' and e.postcode = s.fields ->> 'postcode'
                              and e.sort_name = data.fold(s.fields ->> 'name')
         where f.name = 'contacts_forum_emploi.csv'
           and (select count(*) from establishment x where x.sort_name = e.sort_name) = 1
           and not exists (select from promise x where x.establishment_id = e.id and x.state = 'active')
         order by s.id limit 2
    loop
        select a.* into who from demo.actor a where a.member_id = r.member_id and a.organisation_id = r.organisation_id;
        call demo.speak(null);
        made := data.record_create(r.record, 0.4, '{}', null);
        call demo.speak(who);
        perform demo.contact_add(made, who, data.now(), demo.u('scene' || r.n));
        if r.n = 1 then
            perform api.merge_make(made, r.employer, 'Noté au forum : c’est le même employeur');
        end if;
    end loop;

    -- A visited employer closes; another takes over, as the register says.
    call demo.speak(null);
    insert into source_file (kind, name, sha256, bytes, received_at, state, finished_at)
    values ('successions', 'Successions fictives de démonstration', sha256('demo successions'), 0, data.now(), 'done', data.now()) returning id into file;
    for r in
        with closing as materialized (
            select p.id, p.siret, p.siren, p.commune_code, p.naf
              from standing s
              join establishment p on p.id = s.establishment_id and p.status = 'A' and p.diffusion = 'O'
             where s.visits > 0 and not s.opposed
               and not exists (select from promise x where x.establishment_id = p.id and x.state = 'active')
               and not exists (select from offer x where x.establishment_id = p.id)
             order by p.id limit 100
        )
        select p.id, p.siret, n.sirets[1] as successor
          from closing p
         cross join lateral (select array_agg(e.siret order by e.id) as sirets from establishment e
                              where e.commune_code = p.commune_code and e.naf = p.naf and e.siren <> p.siren and e.status = 'A' and e.diffusion = 'O'
                                and not exists (select from standing x where x.establishment_id = e.id)) n
         where n.sirets is not null
         order by p.id limit 2
    loop
        update establishment e set status = 'F', closed_on = data.today() - 35 where e.id = r.id;
        insert into succession (predecessor, successor, since, is_head_transfer, is_continued, file_id, first_seen_at)
        values (r.siret, r.successor, data.today() - 35, false, true, file, data.now());
        perform data.register_follow(jsonb_build_array(jsonb_build_object('id', r.id, 'on', data.today() - 35)));
    end loop;
end
$$;

-- The end: what is settled asks nothing more of the worker, and the instance says that its data are fictitious.
create procedure demo.finish()
    language plpgsql set search_path = data, ext, pg_temp as $$
begin
    call demo.scenes();
    call demo.life_today();
    call demo.week_load();
    update job j
       set state = 'done', finished_at = data.now()
     where j.state = 'waiting'
       and case j.kind
           when 'promise.lapse' then not exists (select from promise p where p.id = (j.payload ->> 'promise')::bigint and p.state = 'active'
                                                    and demo.at(p.lapses_on + 1, 0) = j.run_at)
           when 'offer.open' then not exists (select from offer o where o.id = (j.payload ->> 'offer')::bigint and o.state = 'reserved')
           -- A row without a name that means anything was looked at long ago.
           when 'linkage.pairs' then true
           when 'linkage.records' then (select f.received_at from source_file f where f.id = (j.payload ->> 'file')::bigint) < data.now() - interval '12 days'
           when 'segment.refresh' then true
           when 'import.needs' then true
           when 'transfer.expire' then not exists (select from transfer t where t.id = (j.payload ->> 'transfer')::bigint and t.state = 'proposed')
           when 'proposal.expire' then not exists (select from proposal x where x.id = (j.payload ->> 'proposal')::bigint and x.state = 'proposed')
           when 'proposal.next' then true
           else false end;
    -- People put away what they have read.
    update task t set done_at = t.raised_at + interval '2 hours', done_by = t.member_id
     where t.kind = 'referral.answered' and t.raised_at < data.now() - interval '2 days';
    -- What networks ask besides the common core.
    insert into questionnaire (network, version, organisation_id, member_id, made_at, questions)
    select q.network, 1, m.organisation_id, m.member_id, demo.at(data.today() - 40, 600), q.questions
      from (values
        ('ml', '[
        {"code": "minors", "label": "Accueille des jeunes mineurs", "kind": "yesno", "required": false, "outcomes": ["needs", "later", "none"]},
        {"code": "minors_posts", "label": "Sur quels postes", "kind": "text", "required": false, "outcomes": ["needs", "later", "none"], "when": {"code": "minors", "value": "yes"}},
        {"code": "transport", "label": "Accès sans voiture", "kind": "choice", "required": false, "outcomes": ["needs", "later"],
         "choices": ["Facile", "Possible aux heures de bureau", "Impossible"]}]'::jsonb),
        ('ft', '[
        {"code": "channels", "label": "Recrute aujourd’hui par", "kind": "choices", "required": false, "outcomes": ["needs", "later"],
         "choices": ["Bouche-à-oreille", "Annonces en ligne", "Intérim", "Nos services"]},
        {"code": "training", "label": "Accepterait une formation avant l’embauche", "kind": "yesno", "required": false, "outcomes": ["needs", "later"]}]'),
        ('ce', '[
        {"code": "duty", "label": "Obligation d’emploi", "kind": "choice", "required": false, "outcomes": ["needs", "later", "none"],
         "choices": ["Atteinte", "En partie", "Non atteinte", "Ne sait pas"]},
        {"code": "workplace", "label": "Postes à aménager", "kind": "text", "required": false, "outcomes": ["needs", "later"]}]')) q (network, questions)
     cross join lateral (select m.organisation_id, m.member_id from membership m join organisation o on o.id = m.organisation_id
                          where o.network = q.network and m.role = 'manager' order by m.organisation_id, m.member_id limit 1) m;
    perform data.zones_refresh();
    perform data.known_follow(1000000);
    perform data.fact_rebuild();
    update instance set demo = true, name = 'Maillage Allier';
end
$$;
