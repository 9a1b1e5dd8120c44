-- Merges: what moves, what stays, who may; undone they leave every table as it was, by hash, in any order.
begin;
\ir fixture.inc
select plan(53);

insert into data.establishment (legal_name, commune_code, city) values ('Garage sans numéro du Test', '03185', 'MONTLUCON');
select (select id from data.establishment where siret = '90000000300017') as g, pg_temp.est('Garage sans') as a, pg_temp.est('Scierie') as s, pg_temp.est('Boulangerie') as b,
       pg_temp.est('Café lyonnais') as far \gset

-- Every table that a merge may touch, whole, in one hash.
create function pg_temp.state() returns text language plpgsql security definer as $$
declare
    t   text;
    one text;
    all_ text := '';
begin
    foreach t in array array['establishment', 'establishment_value', 'standing', 'link', 'source_record', 'review', 'contact', 'contact_key', 'opposition',
                             'promise', 'visit', 'report', 'report_note', 'contact_event', 'need', 'offer', 'offer_step', 'offer_routing', 'value_statement'] loop
        execute format('select md5(coalesce(string_agg(x::text, ''|'' order by x::text), '''')) from data.%I x', t) into one;
        all_ := all_ || t || ' ' || one || E'\n';
    end loop;
    return all_;
end
$$;
create function pg_temp.n_of(t text, est bigint) returns bigint language plpgsql security definer as
    $$ declare n bigint; begin execute format('select count(*) from data.%I where establishment_id = $1', t) into n using est; return n; end $$;
create function pg_temp.row(short text, est bigint, received timestamptz, fields jsonb, method text default 'siret') returns bigint language plpgsql security definer as $$
declare
    f bigint;
    s bigint;
begin
    insert into data.source_file (kind, organisation_id, name, sha256, bytes, received_at, state)
    values ('partner', pg_temp.org(short), 'f.csv', sha256(random()::text::bytea), 1, received, 'done') returning id into f;
    insert into data.source_record (file_id, line, received, fields, state) values (f, 2, '{}', fields, 'linked') returning id into s;
    insert into data.link (source_record_id, establishment_id, score, method, decided_at) values (s, est, 1, method, received);
    perform data.golden(array[est]);
    return s;
end
$$;

-- The partner-made row has a file's values, a contact, a visit done and reported with a need and a note, an offer, a pin.
select pg_temp.row('T-ML', :a, '2026-02-01', '{"name": "Garage sans numéro du Test", "phone": "0470000001", "commune_code": "03185", "city": "MONTLUCON"}', 'created') as row \gset
select pg_temp.row('T-CE', :g, '2026-01-01', '{"email": "garage@test.example"}') as other_row \gset
set session authorization maillage_server;
select pg_temp.act('T-ML');
insert into data.contact (establishment_id, organisation_id, member_id, person, shared)
values (:a, auth.organisation(), auth.member(), decode(repeat('ab', 60), 'hex'), true) returning id as contact \gset
select api.visit_plan(:a, '2026-06-04 10:00+02', 45, null, null) as visit \gset
select api.report_write(:visit, 'needs', null, :contact, '[{"rome": "G1602"}]', null, null, 'Vu', 'Pour nous');
select max(id) as need from data.need \gset
insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, need_id, visit_id)
values (:a, auth.organisation(), auth.member(), 'Mécanicien', 'G1602', 'cdi', :need, :visit) returning id as offer \gset
select api.offer_move(:offer, 'confirm', 'Mme Test', null);
select api.value_pin(:a, 'phone', '0470000007', 'Le bon numéro');
reset session authorization;
-- A person at the register's row who does not want to be contacted, of the same name as the one above.
insert into data.contact (establishment_id, organisation_id, person, created_at) values (:g, pg_temp.org('T-CE'), decode(repeat('cd', 60), 'hex'), now()) returning id as opposed \gset
insert into data.contact_key (contact_id, kind, hash) values (:contact, 'name', decode(repeat('11', 16), 'hex')), (:opposed, 'name', decode(repeat('11', 16), 'hex'));
set session authorization maillage_server;
select pg_temp.act('T-CE');
select api.oppose_person(:opposed, 'Non', '');

select pg_temp.state() as before \gset
select is((select (p -> 'survivor' ->> 'id') || ' ' || (p -> 'moved')::text from (select api.merge_preview(:a, :g) as p) x),
          :g || ' {"link": 1, "need": 1, "offer": 1, "visit": 1, "report": 1, "contact": 1, "promise": 1, "contact_event": 1, "value_statement": 1}',
          'what would move is counted, and the one that the register knows would stand');
select is((select api.merge_preview(:a, :g) ->> 'obstacle'), null, 'nothing is in the way');
select api.merge_make(:a, :g, 'Même garage') as merge \gset
select is((select merged_into from data.establishment where id = :a), :g::bigint, 'the absorbed one points to the survivor');
select is(pg_temp.n('select 1 from api.establishment_line where id = ' || :a), 0::bigint, 'and is not in the list');
select is(pg_temp.n_of('visit', :g) || ' ' || pg_temp.n_of('report', :g) || ' ' || pg_temp.n_of('need', :g) || ' ' || pg_temp.n_of('offer', :g) || ' '
          || pg_temp.n_of('contact', :g) || ' ' || pg_temp.n_of('link', :g) || ' ' || pg_temp.n_of('contact_event', :g), '1 1 1 1 2 2 1', 'all that hung on it hangs on the survivor');
select is((select phone from data.establishment where id = :g), '0470000007', 'its pin holds there');
select is((select visits from data.standing where establishment_id = :g), 1, 'its visits count there');
select ok((select opposition_id is not null from data.contact where id = :contact), 'the one of the same name is bound by the refusal at the same employer');
select is((select version from data.contact where id = :contact), 1, 'nothing was edited by moving');
select is(pg_temp.n(format('select 1 from data.event where establishment_id in (%s, %s) and kind in (''establishment.merged'', ''establishment.absorbed'')', :a, :g)), 2::bigint, 'it is told on both');
select is((select api.absorbed_by(:g) -> 0 ->> 'id'), :'a', 'and shown on both');
select is((select api.merged_into(:a) ->> 'id'), :'g', 'with the way on');
select throws_ok(format('select api.promise_make(%s, ''2026-06-15'', null)', :a), 'ML000', 'establishment_merged', 'nothing new is tied to an absorbed one');
select throws_ok(format($$ insert into data.contact (establishment_id, organisation_id, member_id, person) values (%s, auth.organisation(), auth.member(), decode(repeat('ab', 60), 'hex')) $$, :a),
                 'ML000', 'establishment_merged', 'not a contact either');
select throws_ok(format('select api.value_pin(%s, ''phone'', ''0470000008'', ''Non merci'')', :a), 'ML000', 'establishment_merged', 'nor a value');
select throws_ok(format('select api.merge_make(%s, %s, null)', :a, :s), 'ML000', 'establishment_merged', 'it is not absorbed twice');
select is((select array_agg(m order by m) from api.establishment_match('garage sans') m), array[:g]::bigint[], 'who looks for the old name finds the survivor');
select lives_ok(format('select api.merge_unmake(%s, ''Ce n’était pas lui'')', :merge), 'it is undone');
select is(pg_temp.state(), :'before', 'and every table is as it was, by hash');
select throws_ok(format('select api.merge_unmake(%s, null)', :merge), 'ML000', 'merge_undone', 'not twice');
select is(pg_temp.n(format('select 1 from data.event where establishment_id in (%s, %s) and kind in (''establishment.unmerged'', ''establishment.restored'')', :a, :g)), 2::bigint, 'that is told on both too');

-- Who may, and what is refused.
select pg_temp.act('T-ETAT');
select throws_ok(format('select api.merge_make(%s, %s, null)', :a, :g), 'ML000', 'forbidden', 'an observer merges nothing');
select is(api.merge_preview(:a, :g)::text, null, 'nor sees what would be');
select pg_temp.act('T-LYON');
select throws_ok(format('select api.merge_make(%s, %s, null)', :a, :g), 'ML000', 'not_found', 'nor a partner of another territory');
select throws_ok(format('select api.merge_unmake(%s, null)', :merge), 'ML000', 'not_found', 'who undoes nothing either');
select pg_temp.act('T-ML');
select throws_ok(format('select api.merge_make(%s, %s, null)', :a, :far), 'ML000', 'not_found', 'nobody merges what they do not see');
select throws_ok(format('select data.merge_do(%s, %s, ''person'', null, null, null, null)', :g, :a), '42501', null, 'nor beside the function');
select throws_ok($$ select * from data.merge_row $$, '42501', null, 'or looks into it');

-- Two engagements: nobody suspends another's; one's own later one is, and comes back.
select api.promise_make(:a, '2026-06-15', 'Convenu') as pa \gset
select pg_temp.clock('2026-06-04 11:00+02');
select pg_temp.act('T-FT');
select api.promise_make(:g, '2026-06-16', null) as pg \gset
select pg_temp.act('T-ML');
select throws_ok(format('select api.merge_make(%s, %s, null)', :a, :g), 'ML000', 'merge_promised', 'the engagement of another is not suspended');
select is((select api.merge_preview(:a, :g) -> 'obstacle' ->> 'code'), 'merge_promised', 'which is said before');
select pg_temp.act('T-FT');
select pg_temp.state() as before \gset
select lives_ok(format('select api.merge_make(%s, %s, null)', :a, :g), 'one''s own later one is');
select is((select string_agg(state, ' ' order by id) from data.promise where id in (:pa, :pg)), 'active suspended', 'of the two the first runs');
reset session authorization;
select max(id) as merge from data.merge \gset
set session authorization maillage_server;
select throws_ok(format('select api.promise_change(%s, null, ''returned'', ''Non'')', :pg), 'ML000', 'promise_not_active', 'a suspended one is not changed');
select lives_ok(format('select api.merge_unmake(%s, null)', :merge), 'undone');
select is(pg_temp.state(), :'before', 'both run again, and every table is as it was');
select api.merge_make(:a, :g, null) as merge \gset
-- A report since then on what was moved, an offer from it, and a contact of its own.
select pg_temp.act('T-ML');
select api.visit_plan(:g, '2026-06-04 12:00+02', 45, null, null) as visit2 \gset
select api.report_write(:visit2, 'needs', null, null, '[{"rome": "F1703"}]', null, null, null, null);
insert into data.contact (establishment_id, organisation_id, member_id, person) values (:g, auth.organisation(), auth.member(), decode(repeat('ef', 60), 'hex')) returning id as late \gset
select is((select establishment_id from data.visit where id = :visit2), :g::bigint, 'a visit since stands on the promise that was moved');
select api.merge_unmake(:merge, null);
select is((select string_agg(distinct establishment_id::text, ' ') from (select establishment_id from data.visit where id = :visit2 union all
    select establishment_id from data.report where visit_id = :visit2 union all select establishment_id from data.need where visit_id = :visit2 union all
    select establishment_id from data.contact_event where visit_id = :visit2) x), :'a', 'what was built since on what moved goes back with it');
select is((select establishment_id from data.contact where id = :late), :g::bigint, 'what came by itself stays with the survivor');
select is((select state from data.promise where id = :pg), 'active', 'the other promise runs again');
select pg_temp.act('T-FT');
select api.promise_change(:pg, null, 'returned', 'Fini');
-- An opposition on one side and an engagement on the other.
select api.promise_make(:b, '2026-06-16', null) as pb \gset
insert into data.opposition (establishment_id, organisation_id, member_id) values (:s, auth.organisation(), auth.member());
select throws_ok(format('select api.merge_make(%s, %s, null)', :b, :s), 'ML000', 'merge_opposed', 'a refusal and an engagement do not go together');
select api.promise_change(:pb, null, 'returned', 'Fini');

-- Chains: a into g, g into s, s into b; undone in every order they leave everything as it was.
select pg_temp.state() as before \gset
create function pg_temp.chain(a bigint, g bigint, s bigint, b bigint, undo int[]) returns text language plpgsql as $$
declare
    m bigint[];
begin
    m[1] := api.merge_make(a, g, null);
    m[2] := data_merge(s, g);
    m[3] := data_merge(b, s);
    if (select count(distinct merged_into) from data.establishment where id in (a, g, s)) <> 1 then
        return 'not flat';
    end if;
    for i in 1 .. 3 loop
        perform api.merge_unmake(m[undo[i]], null);
    end loop;
    return pg_temp.state();
end
$$;
reset session authorization;
-- As the review desk would: the survivor is chosen here.
create function public.data_merge(survivor bigint, absorbed bigint) returns bigint language sql security definer as
    $$ select data.merge_do(survivor, absorbed, 'person', null, null, auth.member(), auth.organisation()) $$;
grant execute on function public.data_merge to public;
set session authorization maillage_server;
select is(pg_temp.chain(:a, :g, :s, :b, u), :'before', 'a chain undone in the order ' || u::text)
  from (values (array[3, 2, 1]), (array[1, 2, 3]), (array[2, 1, 3]), (array[1, 3, 2]), (array[3, 1, 2]), (array[2, 3, 1])) o (u);

-- Undone in the middle, merged again elsewhere, then the rest undone.
reset session authorization;
select data_merge(:g, :a) as m1 \gset
select data_merge(:s, :g) as m2 \gset
select data.merge_undo(:m1, null, null, null);
select data_merge(:s, :a) as m3 \gset
select is((select count(distinct merged_into) from data.establishment where id in (:a, :g)), 1::bigint, 'both in one again');
select data.merge_undo(:m2, null, null, null);
select is(pg_temp.n_of('visit', :s) || ' ' || pg_temp.n_of('visit', :g), '2 0', 'what a later merge brought stays where it brought it');
select is((select merged_into from data.establishment where id = :a), :s::bigint, 'and so does what points to it');
select data.merge_undo(:m3, null, null, null);
select is(pg_temp.state(), :'before', 'and in the end everything is as it was');

-- The database itself.
select throws_ok(format('update data.establishment set merged_into = id where id = %s', :a), '23514', null, 'nobody absorbs itself');
select lives_ok(format('update data.establishment set merged_into = %s where id = %s', :g, :a), 'what is pointed');
update data.establishment set merged_into = :s where id = :g;
select throws_ok('set constraints all immediate', '23514', null, 'is never an absorbed one');
select * from finish();
rollback;
