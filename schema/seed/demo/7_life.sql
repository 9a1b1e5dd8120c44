-- What promises live through: handed from one partner to another, waiting for who is away, held by a team, kept by two at
-- one appointment, proposed again. Small scenes, each played at its hour by who would have done it.

-- Speaks as this member of an organisation, at this instant.
create procedure demo.as_member(organisation bigint, who bigint, at timestamptz)
    language plpgsql set search_path = data, pg_temp as $$
begin
    perform set_config('maillage.replay', least(at, pg_catalog.now())::text, true);
    perform set_config('maillage.member', m.member_id::text, true), set_config('maillage.organisation', m.organisation_id::text, true),
            set_config('maillage.network', o.network, true), set_config('maillage.territory', o.territory_id::text, true),
            set_config('maillage.role', m.role, true)
       from membership m join organisation o on o.id = m.organisation_id
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

-- Running promises of an organisation that nothing hangs on, the latest due first.
create function demo.idle(office bigint, made_before timestamptz, most integer) returns setof data.promise
    language sql stable
    begin atomic
        select p.* from data.promise p
         where p.organisation_id = office and p.state = 'active' and p.made_at < made_before and p.due_on > data.today() + 4 and p.extensions = 0
           and not exists (select from data.visit v where v.promise_id = p.id) and not exists (select from data.transfer t where t.promise_id = p.id)
         order by p.due_on desc, p.id limit most;
    end;

create procedure demo.play_transfers()
    language plpgsql set search_path = data, pg_temp as $$
declare
    instant timestamptz := data.now();
    ft   bigint := demo.office('ft-moulins');
    ml   bigint := demo.office('ml-moulins');
    cap  bigint := demo.office('capemploi-allier');
    plie bigint := demo.office('plie-allier');
    s    record;
    p    promise;
    x    bigint;
begin
    for s in
        select * from (values
            (1, ft, ml, 'give', 6, 'L’employeur cherche surtout de jeunes débutants.', 'accepted', null),
            (2, ft, cap, 'ask', 4, 'Nous suivons déjà un salarié de cette entreprise.', 'refused', 'Rendez-vous déjà convenu par téléphone.'),
            (3, cap, ft, 'give', 3, 'Pas de poste adapté ces prochains mois.', 'accepted', null),
            (4, ml, plie, 'give', 2, 'Chantier avec clause sociale.', null, null),
            (5, ft, ml, 'give', 1, 'Apprentissage : c’est votre public.', null, null),
            (6, ft, plie, 'ask', 1, 'Nous y plaçons deux personnes en insertion.', null, null),
            (7, cap, ml, 'ask', 1, 'Un jeune en stage nous l’a signalé.', null, null)) v (n, holder, other, kind, days, message, answer, reason)
         order by n
    loop
        select * into p from demo.idle(s.holder, instant - make_interval(days => s.days + 1), 1);
        continue when p.id is null;
        if s.kind = 'give' then
            call demo.as_member(s.holder, p.member_id, instant - make_interval(days => s.days));
        else
            call demo.as_member(s.other, demo.adviser(s.other, 1), instant - make_interval(days => s.days));
        end if;
        x := api.transfer_propose(p.id, s.kind, s.other, case when s.kind = 'give' and s.n <> 4 then demo.adviser(s.other, 1) end, s.message);
        if s.answer is not null then
            if s.kind = 'give' then
                call demo.as_member(s.other, demo.adviser(s.other, 1), instant - make_interval(days => s.days - 1));
            else
                call demo.as_member(s.holder, p.member_id, instant - make_interval(days => s.days - 1));
            end if;
            perform api.transfer_answer(x, s.answer, s.reason, null);
        end if;
    end loop;
end
$$;

create procedure demo.play_absences()
    language plpgsql set search_path = data, pg_temp as $$
declare
    instant timestamptz := data.now();
    today   date := data.today();
    ft   bigint := demo.office('ft-moulins');
    ml   bigint := demo.office('ml-moulins');
    plie bigint := demo.office('plie-allier');
    a    bigint;
begin
    -- Away now, and back in nine days; away in three weeks; a fortnight cut short; a bridge for the whole house.
    call demo.as_member(ft, demo.chief(ft), instant - interval '5 days');
    perform api.absence_declare(demo.adviser(ft, 2), false, today - 3, today + 8);
    a := api.absence_declare(demo.chief(ft), false, today - 5, today + 6);
    call demo.as_member(ft, demo.chief(ft), instant - interval '1 day');
    perform api.absence_change(a, today - 2, false);
    call demo.as_member(ml, demo.adviser(ml, 2), instant - interval '2 days');
    perform api.absence_declare(null, false, today + 21, today + 34);
    call demo.as_member(plie, demo.chief(plie), instant - interval '8 days');
    perform api.absence_declare(null, true, data.working_day_after(today, 12), data.working_day_after(today, 13));
end
$$;

create procedure demo.play_teams()
    language plpgsql set search_path = data, pg_temp as $$
declare
    instant timestamptz := data.now();
    ft   bigint := demo.office('ft-moulins');
    ml   bigint := demo.office('ml-moulins');
    cap  bigint := demo.office('capemploi-allier');
    t    bigint;
begin
    call demo.as_member(ft, demo.chief(ft), instant - interval '40 days');
    t := api.team_propose('Équipe commune de Moulins', 'Convention locale, article 4 : prospection concertée des employeurs de plus de dix salariés.', null,
                          array[ml], array[demo.adviser(ft, 1), demo.adviser(ft, 2)]);
    call demo.as_member(ml, demo.chief(ml), instant - interval '36 days');
    perform api.team_agree(t, array[demo.adviser(ml, 1)]);
    call demo.as_member(ft, demo.chief(ft), instant - interval '2 days');
    perform api.promise_bulk('team', array(select p.establishment_id from demo.idle(ft, instant - interval '3 days', 6) p), null, null, t, null, null);
    call demo.as_member(ml, demo.chief(ml), instant - interval '3 days');
    perform api.team_propose('Handicap et premier emploi', 'Aller voir ensemble les employeurs qui accueillent des apprentis en situation de handicap.', null,
                             array[cap], array[demo.adviser(ml, 1)]);
end
$$;

create procedure demo.play_joint()
    language plpgsql set search_path = data, pg_temp as $$
declare
    instant timestamptz := data.now();
    ft   bigint := demo.office('ft-moulins');
    ml   bigint := demo.office('ml-moulins');
    cap  bigint := demo.office('capemploi-allier');
    v    visit;
    s    record;
begin
    for s in select * from (values (1, ft, ml, true), (2, ft, cap, false), (3, cap, ft, true), (4, ml, ft, null)) q (n, host, guest, accepted) order by n loop
        select x.* into v from visit x join promise p on p.id = x.promise_id
         where x.organisation_id = s.host and x.state = 'planned' and x.planned_at > instant + interval '1 day' and p.made_at < instant - interval '2 days'
           and not exists (select from visit_partner y where y.visit_id = x.id)
         order by x.planned_at, x.id limit 1;
        continue when v.id is null;
        if s.accepted is null then -- the second one asks
            call demo.as_member(s.guest, demo.adviser(s.guest, 1), instant - interval '4 hours');
            perform api.visit_invite(v.id, null, null, 'Nous y allons pour un apprenti : pouvons-nous venir ensemble ?');
            continue;
        end if;
        call demo.as_member(s.host, v.member_id, instant - interval '1 day');
        perform api.visit_invite(v.id, s.guest, demo.adviser(s.guest, 1), 'Un seul rendez-vous pour nos deux réseaux.');
        if s.accepted then
            call demo.as_member(s.guest, demo.adviser(s.guest, 1), instant - interval '20 hours');
            perform api.visit_invitation_answer(v.id, s.guest, 'accepted', null, null);
        end if;
    end loop;
    -- One that took place, with what each keeps for itself.
    select x.* into v from visit x join promise p on p.id = x.promise_id and p.state = 'active'
     where x.organisation_id in (ft, ml, cap) and x.state = 'planned' and x.planned_at < instant - interval '3 hours'
       and not exists (select from visit_partner y where y.visit_id = x.id)
     order by x.planned_at desc, x.id limit 1;
    if v.id is not null then
        s.guest := case v.organisation_id when ft then ml else ft end;
        call demo.as_member(v.organisation_id, v.member_id, v.planned_at - interval '30 hours');
        perform api.visit_invite(v.id, s.guest, demo.adviser(s.guest, 1), 'Venez-vous avec nous ?');
        call demo.as_member(s.guest, demo.adviser(s.guest, 1), v.planned_at - interval '26 hours');
        perform api.visit_invitation_answer(v.id, s.guest, 'accepted', null, null);
        call demo.as_member(v.organisation_id, v.member_id, v.planned_at + interval '2 hours');
        perform api.report_write(v.id, 'later', v.planned_at + interval '1 hour', null, null, 'Rappeler ensemble à la rentrée', data.working_day_after(data.today(), 40),
                                 'Reçus à deux : l’employeur apprécie un seul rendez-vous. Deux postes d’apprentis envisagés.', 'Voir l’aide à l’embauche avec notre agence.');
        call demo.as_member(s.guest, demo.adviser(s.guest, 1), v.planned_at + interval '150 minutes');
        perform api.visit_note(v.id, 'Prévoir un parrain : deux jeunes correspondent.');
    end if;
end
$$;

-- Employers given back or let go in the last days, proposed to the next partner.
create procedure demo.play_proposals()
    language plpgsql set search_path = data, pg_temp as $$
declare
    instant timestamptz := data.now();
    p    record;
    x    proposal;
begin
    for p in select y.id from promise y where y.state in ('returned', 'lapsed') and y.ended_at > instant - interval '25 days'
                and not exists (select from opposition o where o.establishment_id = y.establishment_id)
              order by y.ended_at desc, y.id limit 14 loop
        call demo.speak(null);
        perform set_config('maillage.replay', (instant - interval '20 hours')::text, true);
        perform data.proposal_next(p.id);
    end loop;
    -- Some have answered.
    for x in select * from proposal y where y.state = 'proposed' order by y.id limit 3 loop
        call demo.as_member(x.organisation_id, demo.chief(x.organisation_id), instant - interval '3 hours');
        if x.id % 2 = 0 then
            perform api.proposal_answer(x.id, false, null, null, 'Trop d’engagements en cours ce mois-ci.');
            call demo.speak(null);
            perform data.proposal_next(x.promise_id);
        else
            perform api.proposal_answer(x.id, true, (select min(m.member_id) from membership m where m.organisation_id = x.organisation_id and m.role = 'adviser'),
                                        data.working_day_after(data.today(), 15), null);
        end if;
    end loop;
end
$$;

create procedure demo.life()
    language plpgsql set search_path = data, pg_temp as $$
begin
    call demo.play_absences();
    perform set_config('maillage.replay', '', true);
    call demo.play_transfers();
    perform set_config('maillage.replay', '', true);
    call demo.play_teams();
    perform set_config('maillage.replay', '', true);
    call demo.play_joint();
    perform set_config('maillage.replay', '', true);
    call demo.play_proposals();
    perform set_config('maillage.replay', '', true);
    call demo.speak(null);
end
$$;
