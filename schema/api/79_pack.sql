-- Committee packs: the document of a period for a committee, made of the figures that maps and tables show; frozen copies.

-- --- what a pack is made of -----------------------------------------------------------------------------------------------

-- By which areas a committee looks at its territory: the next smaller ones.
create or replace function data.pack_level(p data.pack) returns text
    language sql stable security definer set search_path = data, pg_temp
    return case p.kind
        when 'local' then 'commune'
        when 'departement' then 'epci'
        else case when (select count(distinct w.zone_id) from data.territory_commune tc
                          join data.zone_commune w on w.level = 'departement' and w.commune = tc.number
                         where tc.territory_id = p.territory_id) > 1 then 'departement' else 'bassin' end end;

-- Figures of the areas of one level, each with its set; for 'all' the only one.
create or replace function data.pack_figures(level text, within text, from_month integer, to_month integer) returns json
    language sql stable set search_path = data, pg_temp as $$
    select coalesce(json_agg(json_build_object('area', x.area, 'name', x.name, 'figures', x.figures) order by x.ord), '[]')
      from (select f.area, f.name, min(f.ord) as ord,
                   ('{' || string_agg(data.indicator_member(f.code, f.n, f.out_of, f.value, f.hidden), ',') || '}')::json as figures
              from (select g.*, row_number() over () as ord
                      from api.indicator_figures(pack_figures.level, pack_figures.within, from_month, to_month,
                                                 null, null, null, null, null, null) g) f
             where f.area <> '' or pack_figures.level = 'all'
             group by f.area, f.name) x
$$;

-- The outlines of these areas in one frame, a thousand wide: paths of SVG, and where a label stands; how the outlines of their communes came
-- to be, as api.ground_frame says it.
create or replace function data.pack_shapes(level text, within text, territory bigint) returns json
    language sql stable security definer set search_path = data, ext, pg_temp as $$
    with asked as materialized (
        select p.commune from data.communes_within(pack_shapes.within, pack_shapes.territory) p
    ), place as materialized (
        -- Of a town without its districts, its own outline.
        select p.commune as number from asked p
         where p.commune not in (select t.town from towns_parted() t join asked d on d.commune = t.district)
    ), area as materialized (
        select c.code::text as code, c.name, c.cell as shape from place p join commune c on c.number = p.number
         where pack_shapes.level = 'commune' and c.cell is not null
         union all
        select z.code::text, z.name, z.shape from zone z
         where z.level = pack_shapes.level and z.shape is not null
           and exists (select from zone_commune w join place p on p.number = w.commune where w.level = z.level and w.zone_id = z.id)
    ), frame as (
        select ST_XMin(e.box) as west, ST_YMax(e.box) as north, cos(radians((ST_YMin(e.box) + ST_YMax(e.box)) / 2)) as narrow,
               1000 / nullif((ST_XMax(e.box) - ST_XMin(e.box)) * cos(radians((ST_YMin(e.box) + ST_YMax(e.box)) / 2)), 0) as scale,
               ST_YMax(e.box) - ST_YMin(e.box) as high
          from (select ST_Extent(a.shape)::box3d as box from area a) e
    ), drawn as (
        select a.code, a.name, ST_SimplifyPreserveTopology(ST_TransScale(a.shape, -f.west, -f.north, f.narrow * f.scale, f.scale), 1.2) as shape
          from area a cross join frame f where f.scale is not null
    )
    select json_build_object('width', 1000,
        'ground', (select json_build_object('communes', count(*), 'dissolved', count(*) filter (where c.cell_kind = 'dissolved'),
                                            'drawn', count(*) filter (where c.cell_kind = 'voronoi'), 'missing', count(*) filter (where c.cell is null))
                     from place p join commune c on c.number = p.number),
        'height', (select greatest(1, round(f.high * f.scale))::integer from frame f where f.scale is not null),
        'areas', (select coalesce(json_agg(json_build_object('area', d.code, 'name', d.name, 'path', ST_AsSVG(d.shape, 1, 0),
                                                             'x', round(ST_X(o.at))::integer, 'y', round(-ST_Y(o.at))::integer) order by d.code), '[]')
                    from drawn d cross join lateral (select ST_PointOnSurface(d.shape) as at) o where not ST_IsEmpty(d.shape)))
$$;

-- The whole document as the role that is spoken with may have it.
create or replace function data.pack_document(p data.pack) returns json
    language sql stable security definer set search_path = data, pg_temp as $$
    select json_build_object(
        'title', p.title, 'kind', p.kind, 'within', p.within, 'place', data.area_name(p.within, p.territory_id),
        'from', data.month_text(p.from_month), 'to', data.month_text(p.to_month), 'held_on', p.held_on,
        'before_from', data.month_text(p.from_month - length), 'before_to', data.month_text(p.from_month - 1),
        'organisation', (select api.organisation_ref(o) from organisation o where o.id = p.organisation_id),
        'made_by', (select m.name from member m where m.id = p.made_by),
        'at', data.now(), 'level', level, 'reserved', auth.role() = 'observer',
        'indicators', (select json_agg(json_build_object('code', i.code, 'name', i.name, 'sentence', i.sentence, 'unit', i.unit, 'kind', i.kind,
                                                         'better', i.better, 'counted', i.counted, 'out_of', i.out_of) order by i.rank) from indicator i),
        'whole', data.pack_figures('all', p.within, p.from_month, p.to_month) -> 0 -> 'figures',
        'before', data.pack_figures('all', p.within, p.from_month - length, p.from_month - 1) -> 0 -> 'figures',
        'areas', data.pack_figures(level, p.within, p.from_month, p.to_month),
        'networks', data.pack_figures('network', p.within, p.from_month, p.to_month),
        'organisations', data.pack_figures('organisation', p.within, p.from_month, p.to_month),
        'sectors', data.pack_figures('sector', p.within, p.from_month, p.to_month),
        'sizes', data.pack_figures('size', p.within, p.from_month, p.to_month),
        'months', data.pack_figures('month', p.within, least(p.from_month, p.to_month - 11), p.to_month),
        'plans', data.plan_figures(p.territory_id, p.within, p.from_month, p.to_month, auth.role() = 'observer'),
        'targets', (select coalesce(json_agg(row_to_json(t)), '[]') from api.target_figures(p.from_month, p.to_month) t where t.within = p.within),
        'shapes', data.pack_shapes(level, p.within, p.territory_id),
        'comments', (select coalesce(json_object_agg(c.part, json_build_object('text', c.text, 'member', m.name, 'at', c.at)), '{}')
                       from pack_comment c join member m on m.id = c.member_id where c.pack_id = p.id and c.text <> ''))
      from (select p.to_month - p.from_month + 1 as length, data.pack_level(p) as level) x
$$;

-- The document of a pack as an observer, or as who asks, may have it. The role is lent for the time of it: what keeps small
-- cells is where the figures are made, not here.
create or replace function data.pack_edition(p data.pack, reserved boolean) returns text
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    role  text := auth.role();
    made  text;
begin
    if reserved then
        perform set_config('maillage.role', 'observer', true);
    end if;
    made := data.pack_document(p)::text;
    perform set_config('maillage.role', role, true);
    return made;
end
$$;

-- --- rules ----------------------------------------------------------------------------------------------------------------

create or replace function data.pack_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    if old.frozen_at is not null then
        perform auth.refuse('pack_frozen');
    end if;
    if old.dropped_at is not null then
        perform auth.refuse('pack_dropped');
    end if;
    if (new.id, new.territory_id, new.organisation_id, new.made_by, new.made_at)
       is distinct from (old.id, old.territory_id, old.organisation_id, old.made_by, old.made_at) then
        perform auth.refuse('pack_fixed');
    end if;
    if new.frozen_at is not null and not exists (select from pack_copy c where c.pack_id = new.id and c.frozen_at = new.frozen_at) then
        perform auth.refuse('pack_fixed');
    end if;
    new.version := old.version + 1;
    return new;
end
$$;
create or replace trigger pack_guard before update on data.pack
    for each row execute function data.pack_guard();

-- What is said goes with the pack: nothing after it was frozen.
create or replace function data.pack_comment_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p pack;
begin
    select * into p from pack x where x.id = new.pack_id for update;
    if p.frozen_at is not null then
        perform auth.refuse('pack_frozen');
    end if;
    if p.dropped_at is not null then
        perform auth.refuse('pack_dropped');
    end if;
    new.version := case when tg_op = 'INSERT' then 1 else old.version + 1 end;
    new.at := data.now();
    return new;
end
$$;
create or replace trigger pack_comment_guard before insert or update on data.pack_comment
    for each row execute function data.pack_comment_guard();

create or replace function data.pack_copy_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform from pack x where x.id = new.pack_id and x.frozen_at is null and x.dropped_at is null for update;
    if not found then
        perform auth.refuse('pack_frozen');
    end if;
    return new;
end
$$;
create or replace trigger pack_copy_guard before insert on data.pack_copy
    for each row execute function data.pack_copy_guard();

-- A copy never changes and never goes; nor do the packs and what was said in them.
create or replace function data.pack_kept() returns trigger
    language plpgsql as $$
begin
    perform auth.refuse('pack_frozen');
    return null;
end
$$;
create or replace trigger pack_copy_kept before update or delete on data.pack_copy
    for each row execute function data.pack_kept();
create or replace trigger pack_copy_kept_all before truncate on data.pack_copy
    for each statement execute function data.pack_kept();
create or replace trigger pack_kept before delete on data.pack
    for each row execute function data.pack_kept();
create or replace trigger pack_kept_all before truncate on data.pack
    for each statement execute function data.pack_kept();
create or replace trigger pack_comment_kept before delete on data.pack_comment
    for each row execute function data.pack_kept();
create or replace trigger pack_comment_kept_all before truncate on data.pack_comment
    for each statement execute function data.pack_kept();

-- --- what members do ------------------------------------------------------------------------------------------------------

create or replace function data.pack_log(pack bigint, kind text, more jsonb default '{}') returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select data.log('pack.' || pack_log.kind, null, null, jsonb_build_object('pack', pack_log.pack) || jsonb_strip_nulls(pack_log.more));
    end;

-- Locks a pack for a change by somebody who answers for a partner of its territory.
create or replace function data.pack_hold(pack bigint) returns data.pack
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p pack;
begin
    select * into p from pack x where x.id = pack_hold.pack for update;
    if p.id is null or not auth.is_partner() or p.territory_id is distinct from auth.territory() then
        perform auth.refuse('not_found');
    end if;
    if auth.role() not in ('manager', 'administrator') then
        perform auth.refuse('forbidden');
    end if;
    if p.frozen_at is not null then
        perform auth.refuse('pack_frozen');
    end if;
    if p.dropped_at is not null then
        perform auth.refuse('pack_dropped');
    end if;
    return p;
end
$$;

create or replace function data.pack_check(within text, from_month integer, to_month integer) returns void
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    if from_month > to_month or to_month - from_month >= 36 or to_month > data.month_of(data.now()) then
        perform auth.refuse('invalid', json_build_object('field', 'to'));
    end if;
    if pack_check.within <> '' and not exists (
        select from zone z join zone_commune w on w.zone_id = z.id join territory_commune tc on tc.number = w.commune
         where z.level || ':' || z.code = pack_check.within and tc.territory_id = auth.territory()) then
        perform auth.refuse('invalid', json_build_object('field', 'within'));
    end if;
end
$$;

-- A draft; returns its id. `again`: an earlier pack whose comments it begins with, for a committee that goes on.
create or replace function api.pack_make(title text, kind text, within text, from_month integer, to_month integer, held_on date, again bigint)
    returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    made bigint;
begin
    if coalesce(auth.role(), '') not in ('manager', 'administrator') then
        perform auth.refuse('forbidden');
    end if;
    perform data.pack_check(pack_make.within, pack_make.from_month, pack_make.to_month);
    insert into pack (territory_id, organisation_id, made_by, made_at, kind, within, title, held_on, from_month, to_month)
    values (auth.territory(), auth.organisation(), auth.member(), data.now(), pack_make.kind, pack_make.within, trim(pack_make.title),
            pack_make.held_on, pack_make.from_month, pack_make.to_month)
    returning id into made;
    if pack_make.again is not null then
        if not exists (select from pack p where p.id = pack_make.again and p.territory_id = auth.territory()) then
            perform auth.refuse('not_found');
        end if;
        insert into pack_comment (pack_id, part, text, version, member_id, organisation_id, at)
        select made, c.part, c.text, 1, c.member_id, c.organisation_id, c.at from pack_comment c where c.pack_id = pack_make.again and c.text <> '';
    end if;
    perform data.pack_log(made, 'made');
    return made;
end
$$;

-- Title, area, period and day of a draft; `version` is the one it was read at.
create or replace function api.pack_change(pack bigint, version integer, title text, kind text, within text, from_month integer,
                                           to_month integer, held_on date) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p pack := data.pack_hold(pack_change.pack);
begin
    if p.version <> pack_change.version then
        perform auth.refuse('precondition_failed');
    end if;
    p.title := coalesce(trim(pack_change.title), p.title);
    p.kind := coalesce(pack_change.kind, p.kind);
    p.within := coalesce(pack_change.within, p.within);
    p.from_month := coalesce(pack_change.from_month, p.from_month);
    p.to_month := coalesce(pack_change.to_month, p.to_month);
    perform data.pack_check(p.within, p.from_month, p.to_month);
    update pack x set title = p.title, kind = p.kind, within = p.within, from_month = p.from_month, to_month = p.to_month,
                      held_on = coalesce(pack_change.held_on, p.held_on)
     where x.id = p.id;
    perform data.pack_log(p.id, 'changed');
end
$$;

-- What is said of a part; `version` is that of the text it was written over, 0 for none. Who was slower is told what the
-- other wrote.
create or replace function api.pack_say(pack bigint, part text, text text, version integer) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    p    pack := data.pack_hold(pack_say.pack);
    kept pack_comment;
begin
    select * into kept from pack_comment c where c.pack_id = p.id and c.part = pack_say.part;
    if coalesce(kept.version, 0) <> pack_say.version then
        perform auth.refuse('pack_comment_taken', (select json_build_object('text', kept.text, 'version', kept.version, 'member', m.name)
                                                     from member m where m.id = kept.member_id));
    end if;
    insert into pack_comment (pack_id, part, text, version, member_id, organisation_id, at)
    values (p.id, pack_say.part, pack_say.text, 1, auth.member(), auth.organisation(), data.now())
    on conflict (pack_id, part) do update
       set text = excluded.text, member_id = excluded.member_id, organisation_id = excluded.organisation_id;
    perform data.pack_log(p.id, 'commented', jsonb_build_object('part', pack_say.part));
end
$$;

-- What is said of a pack beside what somebody has read of it ({"part": version}; a part that is not named was not there):
-- the parts that differ, as they stand. Null when none does.
create or replace function data.pack_unread(pack bigint, read jsonb) returns json
    language sql stable security definer set search_path = data, pg_temp as $$
    select json_object_agg(x.part, json_build_object('text', coalesce(c.text, ''), 'version', coalesce(c.version, 0), 'member', m.name, 'at', c.at))
      from (select part from pack_comment where pack_id = pack_unread.pack union select jsonb_object_keys(pack_unread.read)) x (part)
      left join pack_comment c on c.pack_id = pack_unread.pack and c.part = x.part
      left join member m on m.id = c.member_id
     where coalesce(c.version, 0) <> coalesce((pack_unread.read ->> x.part)::integer, 0)
$$;

-- Keeps both editions as they are now, with their hashes. Nothing moves them afterwards. `version` and `read` say what was
-- read by who freezes, null for whatever there is: nothing is frozen that they did not see, and nothing that they wrote
-- stays behind.
drop function if exists api.pack_freeze(bigint);
create or replace function api.pack_freeze(pack bigint, version integer default null, read jsonb default null) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p        pack := data.pack_hold(pack_freeze.pack);
    unread   json := case when pack_freeze.read is not null then data.pack_unread(p.id, pack_freeze.read) end;
    content  text;
    reserved text;
    moment   timestamptz := data.now();
begin
    if pack_freeze.version <> p.version then
        perform auth.refuse('precondition_failed');
    end if;
    if unread is not null then
        perform auth.refuse('pack_comments_moved', json_build_object('comments', unread));
    end if;
    content := data.pack_edition(p, false);
    reserved := data.pack_edition(p, true);
    insert into pack_copy (pack_id, content, reserved, hash, reserved_hash, frozen_at, frozen_by)
    values (p.id, content, reserved, sha256(convert_to(content, 'UTF8')), sha256(convert_to(reserved, 'UTF8')), moment, auth.member());
    update pack x set frozen_at = moment where x.id = p.id;
    perform data.pack_log(p.id, 'frozen', jsonb_build_object('hash', encode(sha256(convert_to(content, 'UTF8')), 'hex')));
end
$$;

create or replace function api.pack_drop(pack bigint) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p pack := data.pack_hold(pack_drop.pack);
begin
    update pack x set dropped_at = data.now() where x.id = p.id;
    perform data.pack_log(p.id, 'dropped');
end
$$;

-- The document of a pack: of a frozen one, the very bytes that were hashed; of a draft, the figures of now. Null when there
-- is none for who asks.
create or replace function api.pack_content(pack bigint) returns text
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    p pack;
begin
    select * into p from pack x where x.id = pack_content.pack and x.territory_id = auth.territory() and x.dropped_at is null;
    if p.id is null or not (auth.is_partner() or coalesce(auth.role() = 'observer' and p.frozen_at is not null, false)) then
        return null;
    end if;
    if p.frozen_at is null then
        return data.pack_edition(p, false);
    end if;
    return (select case when auth.role() = 'observer' then c.reserved else c.content end from pack_copy c where c.pack_id = p.id);
end
$$;

create or replace view api.pack_row with (security_invoker = true) as
select p.id, p.title, p.kind, p.within, coalesce(c.place, data.area_name(p.within, p.territory_id)) as place, data.month_text(p.from_month) as "from",
       data.month_text(p.to_month) as "to", p.held_on, api.organisation_ref(o) as organisation,
       json_build_object('id', m.id, 'name', m.name) as member, p.made_at, p.version,
       case when c.pack_id is not null then json_build_object('at', c.frozen_at, 'by', f.name,
            'hash', encode(case when (select auth.role()) = 'observer' then c.reserved_hash else c.hash end, 'hex')) end as frozen
  from data.pack p
  join data.organisation o on o.id = p.organisation_id
  join data.member m on m.id = p.made_by
  left join data.pack_copy c on c.pack_id = p.id
  left join data.member f on f.id = c.frozen_by;
