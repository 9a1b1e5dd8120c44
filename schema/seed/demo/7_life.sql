-- What promises live through: handed from one partner to another, waiting for who is away, held by a team, kept by two at
-- one appointment, proposed again. Small scenes, each played at its hour by who would have done it.

-- Speaks as this member of an organisation.
create procedure demo.as_member(organisation bigint, who bigint)
    language plpgsql as $$
begin
    perform set_config('maillage.member', m.member_id::text, true), set_config('maillage.organisation', m.organisation_id::text, true),
            set_config('maillage.network', o.network, true), set_config('maillage.territory', o.territory_id::text, true),
            set_config('maillage.role', m.role, true)
       from data.membership m join data.organisation o on o.id = m.organisation_id
      where m.organisation_id = as_member.organisation and m.member_id = as_member.who;
end
$$;
create function demo.office(slug text) returns bigint
    language sql stable
    return (select o.id from data.organisation o where o.email = 'contact@' || slug || '.example');
create function demo.chief(office bigint) returns bigint
    language sql stable
    return (select min(m.member_id) from data.membership m where m.organisation_id = office and m.role = 'manager');

-- Advisers of an organisation who work for it alone, the n-th.
create function demo.adviser(office bigint, n integer) returns bigint
    language sql stable
    return (select x.member_id from (select m.member_id, row_number() over (order by m.member_id) as i from data.membership m
                                      where m.organisation_id = office and m.role = 'adviser'
                                        and (select count(*) from data.membership y where y.member_id = m.member_id) = 1) x where x.i = n);

-- Running promises of an organisation for which nothing more is planned, the latest due first.
create function demo.idle(office bigint, most integer) returns setof data.promise
    language sql stable
    begin atomic
        select p.* from data.promise p
         where p.organisation_id = office and p.state = 'active' and p.made_at < data.now() - interval '1 hour' and p.due_on > data.today() + 4
           and p.establishment_id in (select e.establishment_id from demo.episode e where e.outcome = 'active' and e.visit_at is null and e.extended_at is null)
           and not exists (select from demo.touch t where t.establishment_id = p.establishment_id and t.at > data.now())
           and not exists (select from data.transfer t where t.promise_id = p.id)
         order by p.due_on desc, p.id limit most;
    end;

create unlogged table demo.handover (n integer, holder text, other text, kind text, days integer, message text, answer text, reason text);
insert into demo.handover values
    (1, 'ft-moulins', 'ml-moulins', 'give', 6, 'L’employeur cherche surtout de jeunes débutants.', 'accepted', null),
    (2, 'ft-moulins', 'capemploi-allier', 'ask', 4, 'Nous suivons déjà un salarié de cette entreprise.', 'refused', 'Rendez-vous déjà convenu par téléphone.'),
    (3, 'capemploi-allier', 'ft-moulins', 'give', 3, 'Pas de poste adapté ces prochains mois.', 'accepted', null),
    (4, 'ml-moulins', 'plie-allier', 'give', 2, 'Chantier avec clause sociale.', null, null),
    (5, 'ft-moulins', 'ml-moulins', 'give', 1, 'Apprentissage : c’est votre public.', null, null),
    (6, 'ft-moulins', 'plie-allier', 'ask', 1, 'Nous y plaçons deux personnes en insertion.', null, null),
    (7, 'capemploi-allier', 'ml-moulins', 'ask', 1, 'Un jeune en stage nous l’a signalé.', null, null);

-- The scenes among the other acts, each at its hour.
create procedure demo.plan_life()
    language plpgsql set search_path = data, pg_temp as $$
declare
    today date := data.today();
begin
    insert into demo.act (at, step, kind, establishment_id, detail)
    select demo.at(demo.work(today, -h.days), 560 + 7 * h.n), 8, 'life', 0, 'propose ' || h.n from demo.handover h
    union all
    select demo.at(demo.work(today, 1 - h.days), 690 + 7 * h.n), 8, 'life', 0, 'answer ' || h.n from demo.handover h where h.answer is not null
    union all
    select demo.at(demo.work(today, v.days), 600), 8, 'life', 0, v.detail
      from (values (-29, 'team found'), (-26, 'team agree'), (-3, 'team hold'), (-2, 'team ask'), (-1, 'join')) v (days, detail);
    -- Two go and see an employer; the report of one, then the note of the other.
    insert into demo.act (at, step, kind, establishment_id, detail)
    select v.at, 8, 'life', e.establishment_id, v.detail
      from (select x.establishment_id, x.visit_at, x.planned_at from demo.episode x join demo.actor a on a.n = x.actor
             where x.outcome = 'active' and x.visit_at < data.now() - interval '3 hours' and x.reported_at is null and x.again_at is null and x.extended_at is null
               and a.organisation_id in (demo.office('ft-moulins'), demo.office('ml-moulins'), demo.office('capemploi-allier'))
             order by x.visit_at desc, x.establishment_id limit 1) e
     cross join lateral (values (greatest(e.visit_at - interval '30 hours', e.planned_at + interval '5 minutes'), 'together invite'),
                                (greatest(e.visit_at - interval '26 hours', e.planned_at + interval '25 minutes'), 'together accept'),
                                (e.visit_at + interval '100 minutes', 'together report'), (e.visit_at + interval '2 hours', 'together note')) v (at, detail)
     where e.planned_at < e.visit_at - interval '1 hour';
    delete from demo.act a where a.kind = 'life' and a.at > data.now() - interval '10 minutes';
end
$$;

create procedure demo.life_handover(word text, h demo.handover)
    language plpgsql set search_path = data, pg_temp as $$
declare
    holder bigint := demo.office(h.holder);
    other  bigint := demo.office(h.other);
    p      promise;
    x      transfer;
begin
    if word = 'propose' then
        select * into p from demo.idle(holder, 1);
        if p.id is null then
            return;
        end if;
        if h.kind = 'give' then
            call demo.as_member(holder, p.member_id);
        else
            call demo.as_member(other, demo.adviser(other, 1));
        end if;
        perform api.transfer_propose(p.id, h.kind, other, case when h.kind = 'give' and h.n <> 4 then demo.adviser(other, 1) end, h.message);
    else
        select * into x from transfer t where t.state = 'proposed' and t.from_organisation_id = holder and t.to_organisation_id = other and t.message = h.message;
        if x.id is null then
            return;
        end if;
        if h.kind = 'give' then
            call demo.as_member(other, demo.adviser(other, 1));
        else
            call demo.as_member(holder, x.from_member_id);
        end if;
        perform api.transfer_answer(x.id, h.answer, h.reason, null);
    end if;
end
$$;

create procedure demo.life_team(word text)
    language plpgsql set search_path = data, pg_temp as $$
declare
    ft  bigint := demo.office('ft-moulins');
    ml  bigint := demo.office('ml-moulins');
    cap bigint := demo.office('capemploi-allier');
    t   bigint := (select min(x.id) from team x);
begin
    if word = 'found' then
        call demo.as_member(ft, demo.chief(ft));
        perform api.team_propose('Équipe commune de Moulins', 'Convention locale, article 4 : prospection concertée des employeurs de plus de dix salariés.', null,
                                 array[ml], array[demo.adviser(ft, 1), demo.adviser(ft, 2)]);
    elsif word = 'agree' then
        call demo.as_member(ml, demo.chief(ml));
        perform api.team_agree(t, array[demo.adviser(ml, 1)]);
    elsif word = 'hold' then
        call demo.as_member(ft, demo.chief(ft));
        perform api.promise_bulk('team', array(select p.establishment_id from demo.idle(ft, 6) p), null, null, t, null, null);
    else
        call demo.as_member(ml, demo.chief(ml));
        perform api.team_propose('Handicap et premier emploi', 'Aller voir ensemble les employeurs qui accueillent des apprentis en situation de handicap.', null,
                                 array[cap], array[demo.adviser(ml, 1)]);
    end if;
end
$$;

-- Appointments to come: two agreed, one waiting, one that the other partner asks to join.
create procedure demo.life_join()
    language plpgsql set search_path = data, pg_temp as $$
declare
    v visit;
    s record;
begin
    for s in select n, demo.office(host) as host, demo.office(guest) as guest, answer
               from (values (1, 'ft-moulins', 'ml-moulins', 'yes'), (2, 'ft-moulins', 'capemploi-allier', 'none'), (3, 'capemploi-allier', 'ft-moulins', 'yes'),
                            (4, 'ml-moulins', 'ft-moulins', 'asks')) q (n, host, guest, answer) order by n loop
        select x.* into v from visit x
         where x.organisation_id = s.host and x.state = 'planned' and x.planned_at > data.now() + interval '2 days'
           and not exists (select from visit_partner y where y.visit_id = x.id)
           -- The one who comes along is free then.
           and not exists (select from visit y left join visit_partner w on w.visit_id = y.id
                            where demo.adviser(s.guest, 1) in (y.member_id, w.member_id) and y.state = 'planned'
                              and y.planned_at between x.planned_at - interval '2 hours' and x.planned_at + interval '2 hours')
         order by x.planned_at, x.id limit 1;
        continue when v.id is null;
        if s.answer = 'asks' then
            call demo.as_member(s.guest, demo.adviser(s.guest, 1));
            perform api.visit_invite(v.id, null, null, 'Nous y allons pour un apprenti : pouvons-nous venir ensemble ?');
            continue;
        end if;
        call demo.as_member(s.host, v.member_id);
        perform api.visit_invite(v.id, s.guest, demo.adviser(s.guest, 1), 'Un seul rendez-vous pour nos deux réseaux.');
        if s.answer = 'yes' then
            call demo.as_member(s.guest, demo.adviser(s.guest, 1));
            perform api.visit_invitation_answer(v.id, s.guest, 'accepted', null, null);
        end if;
    end loop;
end
$$;

create procedure demo.life_together(word text, establishment bigint)
    language plpgsql set search_path = data, pg_temp as $$
declare
    v     visit := (select x from visit x where x.establishment_id = life_together.establishment order by x.id desc limit 1);
    ft    bigint := demo.office('ft-moulins');
    guest bigint := case v.organisation_id when ft then demo.office('ml-moulins') else ft end;
begin
    if word in ('invite', 'report') then
        call demo.as_member(v.organisation_id, v.member_id);
    else
        call demo.as_member(guest, demo.adviser(guest, 1));
    end if;
    if word = 'invite' then
        perform api.visit_invite(v.id, guest, demo.adviser(guest, 1), 'Venez-vous avec nous ?');
    elsif word = 'accept' then
        perform api.visit_invitation_answer(v.id, guest, 'accepted', null, null);
    elsif word = 'report' then
        perform api.report_write(v.id, 'later', v.planned_at + interval '1 hour', null, null, 'Rappeler ensemble à la rentrée', data.working_day_after(data.today(), 40),
                                 'Reçus à deux : l’employeur apprécie un seul rendez-vous. Deux postes d’apprentis envisagés.', 'Voir l’aide à l’embauche avec notre agence.');
    else
        perform api.visit_note(v.id, 'Prévoir un parrain : deux jeunes correspondent.');
    end if;
end
$$;

create procedure demo.life_act(detail text, establishment bigint)
    language plpgsql as $$
declare
    first text := split_part(detail, ' ', 1);
    rest  text := split_part(detail, ' ', 2);
    h     demo.handover;
begin
    if first in ('propose', 'answer') then
        select * into h from demo.handover x where x.n = rest::integer;
        call demo.life_handover(first, h);
    elsif first = 'team' then
        call demo.life_team(rest);
    elsif first = 'join' then
        call demo.life_join();
    else
        call demo.life_together(rest, establishment);
    end if;
    call demo.speak(null);
end
$$;

-- Today: who is away, and what was given back or let go in the last weeks, proposed to the next partner.
create procedure demo.life_today()
    language plpgsql set search_path = data, pg_temp as $$
declare
    today date := data.today();
    ft    bigint := demo.office('ft-moulins');
    ml    bigint := demo.office('ml-moulins');
    plie  bigint := demo.office('plie-allier');
    p     record;
    x     proposal;
begin
    call demo.as_member(ft, demo.chief(ft));
    perform api.absence_declare(demo.adviser(ft, 2), false, today - 3, today + 8);
    call demo.as_member(ml, demo.adviser(ml, 2));
    perform api.absence_declare(null, false, today + 21, today + 34);
    call demo.as_member(plie, demo.chief(plie));
    perform api.absence_declare(null, true, data.working_day_after(today, 12), data.working_day_after(today, 13));
    call demo.speak(null);
    for p in select y.id from promise y where y.state in ('returned', 'lapsed') and y.ended_at > data.now() - interval '25 days'
              order by y.ended_at desc, y.id limit 14 loop
        perform data.proposal_next(p.id);
    end loop;
    select * into x from proposal y where y.state = 'proposed' order by y.id limit 1;
    if x.id is not null then
        call demo.as_member(x.organisation_id, demo.chief(x.organisation_id));
        perform api.proposal_answer(x.id, false, null, null, 'Trop d’engagements en cours ce mois-ci.');
        call demo.speak(null);
        perform data.proposal_next(x.promise_id);
    end if;
end
$$;
