-- What becomes of needs: answers to the survey arrive as a file, partners share the calls, employers confirm or have nothing;
-- and what contributors tell. Each scene at its hour.

create unlogged table demo.fap (code text primary key, label text, rome text);
insert into demo.fap values
    ('G16Z', 'Cuisine', 'G1602'), ('G18Z', 'Service en restauration', 'G1803'), ('F17Z', 'Maçonnerie', 'F1703'), ('K22Z', 'Nettoyage de locaux', 'K2204'),
    ('J15Z', 'Soins et confort du patient', 'J1501'), ('K13Z', 'Assistance auprès d’adultes', 'K1302'), ('D11Z', 'Vente en alimentation', 'D1106'),
    ('A14Z', 'Polyculture, élevage', 'A1416');

-- What contributors told, for whom, and what was made of it.
create unlogged table demo.lead (n integer, days integer, office text, kind text, told text, confidential boolean, named boolean, employer text, outcome text, answer text);
insert into demo.lead values
    (1, 21, 'ft-moulins', 'recruiting', 'Le gérant cherche deux personnes pour la rentrée et ne sait pas à qui s’adresser.', false, false, null, 'need', 'Merci : le besoin est noté, nous rappelons le gérant cette semaine.'),
    (2, 17, 'ml-montlucon', 'recruiting', 'Carnet de commandes plein, prêt à former des jeunes sans diplôme.', false, false, null, 'promise', 'Une conseillère ira les voir.'),
    (3, 14, 'plie-allier', 'transfer', 'Le dirigeant part à la retraite dans l’année ; un repreneur garderait les salariés.', false, false, null, 'answer', 'Transmis à notre chargé de mission reprise, qui vous appelle.'),
    (4, 12, 'capemploi-allier', 'recruiting', 'Demande un appui pour adapter deux postes d’atelier.', false, false, null, 'task', 'Étude de poste prévue.'),
    (5, 9, 'ft-montlucon', 'recruiting', 'Aurait besoin de saisonniers cet été.', false, false, null, 'declined', 'Contacté : l’employeur passe déjà par une agence d’intérim.'),
    (6, 7, 'ft-vichy', 'settling', 'Ouverture d’un atelier de restauration de meubles, trois embauches envisagées.', false, false, 'Atelier des Deux Rives, Cusset', 'withdrawn', null),
    (7, 6, 'ft-vichy', 'difficulty', 'Perte d’un client important, des emplois menacés. À traiter avec discrétion.', true, true, null, 'taken', null),
    (8, 3, 'ft-moulins', 'settling', 'Permis de construire accordé pour un commerce de matériaux, ouverture au printemps.', false, false, 'Matériaux du Val, Avermes', 'taken', null),
    (9, 2, 'ml-moulins', 'recruiting', 'Recrute un ou une apprentie pour septembre.', false, false, null, 'sent', null),
    (10, 1, 'ml-vichy', 'recruiting', 'Deux postes en salle, débutants acceptés.', false, false, null, 'sent', null);

create procedure demo.plan_needs()
    language plpgsql set search_path = data, pg_temp as $$
declare
    today date := data.today();
begin
    insert into demo.act (at, step, kind, establishment_id, detail)
    select demo.at(demo.work(today, -12), 615), 8, 'need', 0, 'answers'
    union all
    select demo.at(demo.work(today, d), 560 + 25 * n), 8, 'need', 0, 'call ' || (d * 3 + n) from generate_series(-11, 0) d, generate_series(1, 2) n
    union all
    select demo.at(demo.work(today, d), 990), 8, 'need', 0, 'settle ' || (d + 100) from generate_series(-60, -1) d
    union all
    select demo.at(demo.work(today, d), 30), 8, 'need', 0, 'over' from generate_series(-250, 0, 5) d;
    insert into demo.act (at, step, kind, establishment_id, detail)
    select demo.at(demo.work(today, -l.days), 660 + l.n), 8, 'need', 0, 'lead send ' || l.n from demo.lead l
    union all
    select demo.at(demo.work(today, 1 - l.days), 580 + l.n), 8, 'need', 0, 'lead take ' || l.n from demo.lead l where l.outcome not in ('sent', 'withdrawn')
    union all
    select demo.at(demo.work(today, 2 - l.days), 610 + l.n), 8, 'need', 0, 'lead end ' || l.n from demo.lead l where l.outcome not in ('sent', 'taken');
    delete from demo.act a where a.kind = 'need' and a.at > data.now() - interval '10 minutes';
end
$$;

-- The answers that the agency of Vichy received, one line an employer and an occupation.
create procedure demo.need_answers()
    language plpgsql set search_path = data, pg_temp as $$
declare
    ft   bigint := demo.office('ft-vichy');
    file bigint;
    rows json;
begin
    select json_agg(json_build_object('line', q.line, 'siret', q.siret, 'fap', q.fap, 'label', q.label, 'posts', q.posts, 'hard', q.hard, 'seasonal', q.seasonal,
                                      'field', q.field, 'code', q.code, 'message', q.message) order by q.line) into rows
      from (select row_number() over (order by c.h) + 1 as line, c.siret, c.code as fap, c.label,
                   case when c.h > 0.9 then null else demo.between(1, 4, demo.part(c.h * 31)) end as posts,
                   case when demo.part(c.h * 7) < 0.85 then demo.part(c.h * 11) < 0.6 end as hard, demo.part(c.h * 13) < 0.3 as seasonal,
                   null::text as field, null::text as code, null::text as message
              from (select distinct on (f.code, x.i) e.siret, f.code, f.label, demo.u('answer' || e.siret) as h
                      from demo.fap f
                     cross join generate_series(0, 3) x (i)
                      join demo.trade t on t.rome like '%' || f.rome || '%'
                      join establishment e on e.naf = t.naf and e.status = 'A' and e.diffusion = 'O' and e.siret is not null and e.merged_into is null
                                          and e.size_band in ('02', '03', '11', '12', '21', '22') and e.id % 4 = x.i
                      left join standing s on s.establishment_id = e.id
                     where not coalesce(s.opposed, false) and not exists (select from need n where n.establishment_id = e.id)
                     order by f.code, x.i, demo.u('answer' || e.siret)) c
            union all
            select 90, null, null, null, null, null, null, 'SIRET', 'siret_key', 'la clé de contrôle du SIRET est fausse (« 41035300000019 »)'
            union all
            select 91, null, null, null, null, null, null, 'met', 'number_invalid', 'ce n’est pas un nombre (« env. 3 »)') q;
    call demo.as_member(ft, demo.chief(ft));
    insert into source_file (kind, organisation_id, member_id, name, sha256, bytes, received_at, state)
    values ('needs', ft, demo.chief(ft), 'reponses_bmo_bassin_vichy.csv', sha256('demo answers'), 4210, data.now(), 'received') returning id into file;
    perform data.need_import(file, rows);
end
$$;

-- One employer called again, by whom it was asked; most confirm, some have nothing any more.
create procedure demo.need_call(n integer)
    language plpgsql set search_path = data, pg_temp as $$
declare
    t task;
    w need;
begin
    select * into t from task x where x.kind = 'need.recontact' and x.done_at is null order by demo.u('order' || x.id), x.id limit 1;
    if t.id is null then
        return;
    end if;
    call demo.as_member(t.organisation_id, coalesce(t.member_id, demo.adviser(t.organisation_id, 1)));
    for w in select * from need x where x.establishment_id = t.establishment_id and x.state = 'declared' order by x.id loop
        if n % 3 = 0 then
            perform api.need_move(w.id, 'zero', null, null);
        elsif n % 7 = 0 then
            perform api.need_move(w.id, 'abandoned', 'Projet reporté à l’an prochain', null);
        else
            perform api.need_move(w.id, 'confirmed', null, null);
        end if;
    end loop;
end
$$;

-- An adviser comes back to a need heard on a visit some days ago.
create procedure demo.need_settle(n integer)
    language plpgsql set search_path = data, pg_temp as $$
declare
    w need;
begin
    select x.* into w from need x join membership m on m.member_id = x.member_id and m.organisation_id = x.organisation_id and m.ended_on is null
     where x.state = 'declared' and x.source = 'visit' and x.declared_at between data.now() - interval '40 days' and data.now() - interval '3 days'
       and not exists (select from demo.vacancy v where v.establishment_id = x.establishment_id)
     order by demo.u('settle' || x.id), x.id limit 1;
    if w.id is null then
        return;
    end if;
    call demo.as_member(w.organisation_id, w.member_id);
    if n % 9 = 0 then
        perform api.need_move(w.id, 'filled', 'Recrutement par relation', null);
    elsif n % 7 = 0 then
        perform api.need_move(w.id, 'zero', null, null);
    elsif n % 8 = 0 then
        perform api.need_move(w.id, 'abandoned', 'L’employeur a réorganisé son équipe', null);
    else
        perform api.need_move(w.id, 'confirmed', null, null);
    end if;
end
$$;

create procedure demo.lead_act(verb text, number integer)
    language plpgsql set search_path = data, pg_temp as $$
declare
    l      demo.lead := (select d from demo.lead d where d.n = number);
    cci    bigint := demo.office('cci-allier');
    voice  bigint := (select min(m.member_id) from membership m where m.organisation_id = cci);
    office bigint := demo.office(l.office);
    x      lead;
    e      bigint;
begin
    if verb = 'send' then
        if l.employer is null then
            select q.id into e from establishment q left join standing s on s.establishment_id = q.id join organisation o on o.id = office
             where q.status = 'A' and q.diffusion = 'O' and q.siret is not null and q.merged_into is null and q.size_band in ('03', '11', '12', '21')
               and not coalesce(s.opposed, false) and s.rest_until is null and not exists (select from promise p where p.establishment_id = q.id)
               and not exists (select from lead y where y.establishment_id = q.id) and not exists (select from demo.episode y where y.establishment_id = q.id)
             order by ext.ST_Distance(q.location, o.base) * (0.4 + demo.u('lead' || l.n || q.siret)), q.id limit 1;
        end if;
        call demo.as_member(cci, voice);
        perform api.lead_send(l.kind, e, l.employer, null, l.told, l.confidential, office, case when l.named then demo.chief(office) end);
        return;
    end if;
    select * into x from lead y where y.told = l.told;
    if l.outcome = 'withdrawn' then
        call demo.as_member(cci, x.member_id);
        perform api.lead_withdraw(x.id);
        return;
    end if;
    call demo.as_member(office, coalesce(x.recipient_member_id, demo.adviser(office, 1)));
    if verb = 'take' then
        perform api.lead_move(x.id, 'taken', null);
    elsif l.outcome = 'need' then
        perform api.lead_need(x.id, (select (string_to_array(t.rome, ','))[1] from establishment q join demo.trade t on t.naf = q.naf where q.id = x.establishment_id), 2, 'quarter', l.answer);
    elsif l.outcome = 'promise' then
        perform api.lead_promise(x.id, data.working_day_after(data.today(), 12), l.answer, null);
    elsif l.outcome = 'task' then
        perform api.lead_task(x.id, null, data.working_day_after(data.today(), 15), l.answer);
    else
        perform api.lead_move(x.id, case l.outcome when 'answer' then 'done' else 'declined' end, l.answer);
    end if;
end
$$;

create procedure demo.need_act(detail text)
    language plpgsql set search_path = data, pg_temp as $$
begin
    case split_part(detail, ' ', 1)
    when 'answers' then call demo.need_answers();
    when 'call' then call demo.need_call(abs(split_part(detail, ' ', 2)::integer));
    when 'settle' then call demo.need_settle(split_part(detail, ' ', 2)::integer);
    when 'lead' then call demo.lead_act(split_part(detail, ' ', 2), split_part(detail, ' ', 3)::integer);
    when 'over' then
        call demo.speak(null);
        perform data.need_expire(1000);
    end case;
end
$$;
