-- Answers of employers to a survey, as a partner's file tells them (worker/import/need.c reads it).

-- Takes in the rows of a file: finds each employer in the territory of its organisation, adds the needs not known yet, and
-- renews those that nobody took up since. A number that the file does not tell is unknown; 0 is no need. Shares out the calls
-- to be made. Nothing is removed. Returns what became of the lines.
create or replace function data.need_import(file bigint, rows json) returns json
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    f     source_file;
    here  bigint;
    year  smallint := extract(year from data.today());
    r     record;
    n     need;
    done  json;
    made  integer := 0;
    moved integer := 0;
    same  integer := 0;
    none  integer := 0;
    wrong integer := 0;
    total integer := 0;
    calls bigint[] := '{}';
begin
    select * into f from source_file x where x.id = need_import.file and x.kind = 'needs' for no key update;
    if f.id is null or f.state <> 'received' then
        return null; -- done already
    end if;
    select o.territory_id into here from organisation o where o.id = f.organisation_id;
    for r in
        with given as (
            select x.*, coalesce(x.year, need_import_year.y) as survey, row_number() over (order by x.line) as place
              from json_to_recordset(need_import.rows) x (line integer, siret text, rome text, fap text, label text, posts integer, hard boolean,
                                                          seasonal boolean, year smallint, field text, code text, message text)
             cross join (select year as y) need_import_year
        )
        select g.*, e.id as establishment, e.status,
               count(*) over (partition by g.siret, coalesce(g.fap, ''), coalesce(g.rome, ''), g.survey order by g.place) as time
          from given g
          left join (establishment e join territory_commune tc on tc.commune_code = e.commune_code and tc.territory_id = here)
            on e.siret = g.siret and g.code is null
         order by g.place
    loop
        total := total + 1;
        if r.code is null then
            if r.establishment is null then
                r.field := 'SIRET'; r.code := 'establishment_unknown'; r.message := 'aucun employeur de votre territoire ne porte ce SIRET';
            elsif r.status = 'F' then
                r.field := 'SIRET'; r.code := 'establishment_closed'; r.message := 'cet établissement est fermé';
            elsif r.rome is not null and not exists (select from rome x where x.code = r.rome) then
                r.field := 'ROME'; r.code := 'code_unknown'; r.message := format('ce code n’est pas connu (« %s »)', r.rome);
            elsif r.survey not between year and year + 1 then
                r.field := 'annee'; r.code := 'year_past'; r.message := format('les intentions de %s ne sont plus à confirmer', r.survey);
            elsif r.time > 1 then
                r.code := 'need_twice'; r.message := 'cet employeur et ce métier sont déjà dans le fichier';
            end if;
        end if;
        if r.code is not null then
            wrong := wrong + 1;
            insert into source_error (file_id, ordinal, line, field, code, message)
            values (f.id, wrong, r.line, r.field, r.code, r.message);
            continue;
        end if;
        if r.posts = 0 then
            none := none + 1;
            continue;
        end if;
        if r.fap is not null then
            insert into fap (code, label) values (r.fap, coalesce(r.label, r.fap))
            on conflict (code) do update set label = excluded.label where data.fap.label = data.fap.code and excluded.label <> excluded.code;
        end if;
        select * into n from need x
         where x.source = 'bmo' and x.organisation_id = f.organisation_id and x.establishment_id = r.establishment and x.survey_year = r.survey
           and (x.fap = r.fap or r.fap is null and x.fap is null and x.rome = r.rome)
         for update;
        if not found then
            insert into need (establishment_id, organisation_id, member_id, rome, fap, posts, horizon, seasonal, difficulty, source, survey_year,
                              file_id, expires_on)
            values (r.establishment, f.organisation_id, f.member_id, r.rome, r.fap, r.posts, 'year', r.seasonal,
                    case r.hard when true then 'hard' when false then 'easy' end, 'bmo', r.survey, f.id, make_date(r.survey, 12, 31));
            made := made + 1;
            calls := calls || r.establishment;
        elsif n.state = 'declared' and (n.posts, n.seasonal, n.difficulty)
              is distinct from (r.posts::smallint, r.seasonal, case r.hard when true then 'hard' when false then 'easy' end) then
            update need x set posts = r.posts, seasonal = r.seasonal, difficulty = case r.hard when true then 'hard' when false then 'easy' end
             where x.id = n.id;
            moved := moved + 1;
            calls := calls || r.establishment;
        else
            same := same + 1;
        end if;
    end loop;
    done := json_build_object('read', total, 'needs', made, 'renewed', moved, 'known', same, 'none', none, 'wrong', wrong,
                              'calls', data.need_share(array(select distinct c from unnest(calls) c)));
    update source_file x set state = 'done', finished_at = data.now(), summary = done::jsonb where x.id = f.id;
    return done;
end
$$;

-- A file that is none: why, for the person who sent it.
create or replace function data.need_refuse(file bigint, line integer, field text, code text, message text) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update source_file x set state = 'refused', finished_at = data.now() where x.id = need_refuse.file and x.kind = 'needs' and x.state = 'received';
    if found then
        insert into source_error (file_id, ordinal, line, field, code, message)
        values (need_refuse.file, 1, need_refuse.line, need_refuse.field, need_refuse.code, need_refuse.message);
    end if;
end
$$;

create or replace function data.need_file_received() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    perform data.job_add('import.needs', jsonb_build_object('file', new.id));
    return null;
end
$$;
create or replace trigger need_file_received after insert on data.source_file
    for each row when (new.kind = 'needs' and new.state = 'received') execute function data.need_file_received();
create or replace trigger need_file_told after update of state on data.source_file
    for each row when (new.kind = 'needs' and new.state <> old.state) execute function data.source_file_told();
