-- The partner file: all open offers of an organisation in the layout that France Travail takes from partners, CSV with | between
-- cells, written whole by the worker at its hour (docs/publication.md). What has closed stays in it for thirty days, and says so.

-- The columns, in order: those of the dictionary of France Travail first, all of them, also where we have nothing to say; ours behind
-- them. data.partner_lines gives their values in the same groups.
create or replace function data.partner_columns() returns text[]
    language sql immutable parallel safe
    return ('{Par_ref_offre,Par_cle,Par_nom,Par_URL_offre,'
            'Code_rome,Code_OGR,Libelle_metier_OGR,Description,'
            'Off_experience_duree_min,Off_experience_duree_max,Exp_cle,Exp_libelle,Dur_cle_experience,Dur_libelle_experience,Off_experience_commentaire,'
            'Qua_cle,Qua_libelle,SCN_cle,SCN_libelle,'
            'Tfm_cle_1,Tfm_libelle_1,Dfm_cle_1,Dfm_libelle_1,Dfm_exi_cle_1,Dfm_exi_libelle_1,'
            'Tfm_cle_2,Tfm_libelle_2,Dfm_cle_2,Dfm_libelle_2,Dfm_exi_cle_2,Dfm_exi_libelle_2,'
            'Lan_cle_1,Lan_libelle_1,NVL_cle_1,NVL_libelle_1,Lan_exi_cle_1,Lan_exi_libelle_1,'
            'Lan_cle_2,Lan_libelle_2,NVL_cle_2,NVL_libelle_2,Lan_exi_cle_2,Lan_exi_libelle_2,'
            'TSA_cle,TSA_libelle,Off_salaire_min,Off_salaire_max,UMO_cle,UMO_libelle,Off_salaire_nb_mois,Off_salaire_cpt_commentaire,'
            'Off_travail_hebdo_nb_hh,Off_travail_hebdo_nb_mi,THO_cle,THO_libelle,Off_THO_commentaire,'
            'NTC_cle,NTC_libelle,TCO_cle,TCO_libelle,'
            'Off_contrat_duree_MO,Off_contrat_duree_JO,'
            'Off_adr_id,Off_adr_norme,Off_adr_compl_1,Off_adr_compl_2,Off_adr_no_voie,Off_adr_nom_voie,'
            'CPO_cle,COM_cle,COM_libelle,DEP_cle,DEP_libelle,REG_cle,REG_libelle,Pay_cle,Pay_libelle,CON_cle,CON_libelle,'
            'Coordonnee_geo_loc_1,Coordonnee_geo_loc_2,'
            'PCO_cle_1,PCO_libelle_1,PCO_exi_cle_1,PCO_exi_libelle_1,PCO_cle_2,PCO_libelle_2,PCO_exi_cle_2,PCO_exi_libelle_2,'
            'Off_date_creation,Off_date_modification,OST_poste_restant_nb,'
            'Off_client_final_siret,Off_client_final_nom,Off_etab_enseigne,Col_cle,Col_nom,Col_URL_offre,'
            'Version,Type_mouvement,Date_debut_contrat,Motif_suppression,Description_entreprise,Off_etab_siret,Id_recruteur,'
            'Civ_correspondant,Nom_correspondant,Prenom_correspondant,Tel_correspondant,Mail_correspondant,'
            'Libelle_etab,Num_voie_etab,Type_voie_etab,Lib_voie_etab,Cplt_adresse_1,Cplt_adresse_2,Code_postal_etab,Code_commune_etab,'
            'Service,Mode_diffusion,Rappel,Mode_presentation,Emploi_metier_isco,'
            -- ours
            'Off_etat,Date_fin_publication,Salaire_type,Salaire,Temps_travail,Horaires,Contrat_duree,'
            'Avantages,Competences,Qualites,Formation,Langues,Permis,Conditions_exercice,'
            'Deplacements,Accessible_TH,Entreprise_adaptee,'
            'Contact_nom,Contact_telephone,Courriel,URL_postulation,Contact_commentaire,Candidature}')::text[];

create or replace function data.partner_day(at timestamptz) returns text
    language sql stable strict parallel safe
    return to_char(at at time zone 'Europe/Paris', 'DD/MM/YYYY');

-- Items as a list in one cell; one alone that has a comma is ended, so that it is not read as several.
create or replace function data.partner_items(items text[]) returns text
    language sql immutable parallel safe
    begin atomic
        select string_agg(replace(i.item, ';', ','), ' ; ' order by i.n) || case when count(*) = 1 and max(i.item) ~ '[,;]' then ' ;' else '' end
          from unnest(partner_items.items) with ordinality i (item, n);
    end;

-- What is asked of one kind, with what must be there and its code: « Pétrissage (exigé) [1234] ».
create or replace function data.partner_list(requirements jsonb, kind text) returns text
    language sql immutable parallel safe
    begin atomic
        select data.partner_items(array_agg((r.value ->> 'label') || case when (r.value ->> 'required')::boolean then ' (exigé)' else '' end
                                            || coalesce(' [' || nullif(r.value ->> 'code', '') || ']', '') order by r.ordinality))
          from jsonb_array_elements(partner_list.requirements) with ordinality r where r.value ->> 'kind' = partner_list.kind;
    end;

-- The first two of one kind as the dictionary has them: label, E when it must be there or S, label, E or S.
create or replace function data.partner_asked(requirements jsonb, kind text) returns text[]
    language sql immutable parallel safe
    begin atomic
        select array_agg(v.value order by r.rank, v.n)
          from (select x.value, row_number() over (order by x.ordinality) as rank
                  from jsonb_array_elements(partner_asked.requirements) with ordinality x where x.value ->> 'kind' = partner_asked.kind) r
         cross join lateral (values (1, left(r.value ->> 'label', 100)), (2, case when (r.value ->> 'required')::boolean then 'E' else 'S' end)) v (n, value)
         where r.rank <= 2;
    end;

-- Lines of a channel's file after the publication `after`. The employer is not named: the organisation that collected the offer
-- stands for it, as on the board. `is_open` false: the line says that the offer is over. `site`: of its page, absent without one.
create or replace function data.partner_lines(channel bigint, site text, after bigint, most integer)
    returns table (publication bigint, line text, is_open boolean)
    language sql stable security definer set search_path = data, pg_temp
    begin atomic
        select p.id,
               data.csv_line(array[
                   o.id::text, h.target, left(g.name, 50), case when 'board' = any (o.channels) then partner_lines.site || '/offres/' || o.id end,
                   o.rome, (select min(p.ogr)::text from data.appellation p where p.rome = o.rome and p.forms && data.title_forms(o.title)), o.title, left(o.description, 4000),
                   x.length::text, null, case o.experience when 'none' then 'D' when 'wished' then 'S' when 'required' then 'E' end, null, x.unit,
                   null, null,
                   o.qualification::text, null, null, null,
                   null, a.training[1], null, null, a.training[2], null,
                   null, a.training[3], null, null, a.training[4], null,
                   null, a.language[1], null, null, a.language[2], null,
                   null, a.language[3], null, null, a.language[4], null,
                   case o.salary_period when 'hour' then 'H' when 'month' then 'M' when 'year' then 'A' end, null, o.salary_min::text,
                   o.salary_max::text, case when coalesce(o.salary_min, o.salary_max) is not null then 'EUR' end, null,
                   trim_scale(o.salary_months)::text, null,
                   trunc(o.hours)::text, nullif(lpad(round(o.hours % 1 * 60)::text, 2, '0'), '00'), null, null, null,
                   case o.contract when 'apprenticeship' then 'E2' when 'professionalisation' then 'FS' when 'subsidised' then 'FT' else 'E1' end,
                   null,
                   case o.contract when 'cdi' then 'CDI' when 'interim' then 'MIS' when 'seasonal' then 'SAI' when 'internship' then 'STAGE' else 'CDD' end,
                   null,
                   case o.duration_unit when 'month' then o.duration end::text,
                   case o.duration_unit when 'day' then o.duration when 'week' then o.duration * 7 end::text,
                   null, null, null, null, null, null,
                   c.postcodes[1], c.code, c.name, c.department, null, c.region, null, '01', null, null, null,
                   round(ext.st_y(c.centre)::numeric, 6)::text, round(ext.st_x(c.centre)::numeric, 6)::text,
                   null, a.licence[1], a.licence[2], null, null, a.licence[3], a.licence[4], null,
                   data.partner_day(o.opened_at), null, (o.posts - o.posts_filled)::text,
                   null, left(g.name, 52), left(g.name, 52), null, null, null,
                   null, case when s.yes then 'C' else 'S' end, to_char(o.starts_on, 'DD/MM/YYYY'), null, null, null, null,
                   null, case when length(w.name) <= 25 then w.name end, null, case when length(w.phone) <= 15 then w.phone end,
                   case when length(w.email) <= 55 then w.email end,
                   null, null, null, null, null, null, null, null,
                   null, 'O', null, null, null,
                   -- ours
                   case when s.yes then 'OUV' else 'FER' end, data.partner_day(o.closes_at - interval '1 microsecond'),
                   case o.salary_period when 'mission' then 'mission' end, o.salary,
                   case o.work_time when 'full' then 'Temps plein' when 'part' then 'Temps partiel' end, o.schedule,
                   case o.duration_unit when 'week' then o.duration || ' semaines' end,
                   data.partner_items(o.benefits), data.partner_list(o.requirements, 'skill'), data.partner_list(o.requirements, 'quality'),
                   data.partner_list(o.requirements, 'training'), data.partner_list(o.requirements, 'language'),
                   data.partner_list(o.requirements, 'licence'), data.partner_items(o.conditions),
                   o.travel::text, case o.accessible when true then 'O' when false then 'N' end,
                   case o.adapted when true then 'O' when false then 'N' end,
                   w.name, w.phone, w.email, w.url, w.note, case o.apply_by when 'employer' then 'Employeur' else 'Structure' end], '|'),
               s.yes
          from data.publication p
          join data.channel h on h.id = p.channel_id
          join data.offer o on o.id = p.offer_id
          join data.organisation g on g.id = o.organisation_id
          left join data.commune c on c.code = o.commune_code
         cross join lateral (select data.partner_asked(o.requirements, 'training') as training, data.partner_asked(o.requirements, 'language') as language,
                                    data.partner_asked(o.requirements, 'licence') as licence) a
          -- The dictionary has two figures for how long: whole years, else months.
         cross join lateral (select case when o.experience_months % 12 = 0 or o.experience_months > 99 then o.experience_months / 12 else o.experience_months end as length,
                                    case when o.experience_months % 12 = 0 or o.experience_months > 99 then 'AN' when o.experience_months is not null then 'MO' end as unit) x
          -- Whom candidates write to: the employer when it wants to be asked, the organisation otherwise.
         cross join lateral (select case when e.yes then o.apply_name else g.name end as name, case when e.yes then o.apply_phone else g.phone end as phone,
                                    case when e.yes then o.apply_email else g.email end as email, case when e.yes then o.apply_url end as url,
                                    case when e.yes then o.apply_note end as note from (select o.apply_by = 'employer' as yes) e) w
         cross join lateral (select p.withdrawn_at is null and o.state = 'open'
                                    and (o.replaced_by is null or not data.is_open(o.replaced_by)) as yes) s
         where p.channel_id = partner_lines.channel and p.channel = 'file' and p.id > partner_lines.after
           and (s.yes or p.carried_at is not null and (p.recalled_at is null or p.recalled_at > data.now() - interval '30 days'))
         order by p.id
         limit partner_lines.most;
    end;

create or replace function data.partner_header() returns text
    language sql immutable parallel safe
    return array_to_string(data.partner_columns(), '|');

-- The same for whoever answers for the channel. Nothing when it is not theirs, or is no file.
create or replace function api.partner_lines(channel bigint, site text, after bigint, most integer)
    returns table (publication bigint, line text)
    language plpgsql stable security definer set search_path = data, pg_temp as $$
begin
    if not auth.is_accountable() or not exists (select from channel c where c.id = partner_lines.channel and c.kind = 'file'
                                                   and c.state <> 'removed' and auth.is_own(c.organisation_id)) then
        perform auth.refuse('not_found');
    end if;
    return query select l.publication, l.line from data.partner_lines(partner_lines.channel, partner_lines.site, partner_lines.after, partner_lines.most) l;
end
$$;

-- When a file is written next: at the next full hour, or at half past three in the night of Paris.
create or replace function data.file_next(schedule text, after timestamptz) returns timestamptz
    language sql stable strict parallel safe
    return case file_next.schedule
           when 'hourly' then date_trunc('hour', file_next.after) + interval '1 hour'
           else (select min(d) from (select (((file_next.after at time zone 'Europe/Paris')::date + i) + time '03:30') at time zone 'Europe/Paris' as d
                                       from generate_series(0, 1) i) x where d > file_next.after) end;

-- Has a file written now. One that still waits is the same file: it is not written twice.
create or replace function data.file_drop(channel bigint, mark text) returns bigint
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    made bigint;
begin
    update delivery d set state = 'dropped', settled_at = data.now()
     where d.channel_id = file_drop.channel and d.kind = 'file.drop' and d.state = 'waiting';
    insert into delivery (channel_id, kind, message, body, due_at, made_at)
    select c.id, 'file.drop', 'file_' || c.id || '_' || file_drop.mark, json_build_object('action', 'drop', 'file', c.target || '.csv')::text, data.now(), data.now()
      from channel c where c.id = file_drop.channel
    on conflict (message) do nothing
    returning id into made;
    return made;
end
$$;

-- The job channel.follow: files whose hour has come. Returns how many.
create or replace function data.file_due() returns integer
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    c record;
    n integer := 0;
begin
    for c in select x.id, x.schedule, x.next_at from channel x
              where x.kind = 'file' and x.state = 'active' and x.next_at <= data.now() order by x.next_at limit 100 for update skip locked
    loop
        perform data.file_drop(c.id, extract(epoch from c.next_at)::bigint::text);
        update channel x set next_at = data.file_next(c.schedule, data.now()) where x.id = c.id;
        n := n + 1;
    end loop;
    return n;
end
$$;

-- A file is in its place: what it carries, and what it says is over.
create or replace function data.file_done(channel bigint, open bigint[], over bigint[]) returns void
    language plpgsql security definer set search_path = data, pg_temp as $$
begin
    update publication p set carried_at = data.now() where p.id = any (file_done.open) and p.channel_id = file_done.channel and p.carried_at is null;
    update publication p set recalled_at = data.now() where p.id = any (file_done.over) and p.channel_id = file_done.channel and p.recalled_at is null;
    update publication p set recalled_at = null where p.id = any (file_done.open) and p.channel_id = file_done.channel and p.recalled_at is not null;
end
$$;

-- --- where an offer is ----------------------------------------------------------------------------------------------------------

-- What the agreement of one's network names, and when a channel of it sends anything.
create or replace view api.outlet_row with (security_invoker = true) as
select o.code, o.label, o.rank, o.code = any (a.channels) as named
  from data.outlet o cross join data.agreement_in_force((select auth.network())) a;

-- Where an offer of one's organisation was published, when, and with what answer; before it opens, where it will be.
create or replace function api.offer_outlets(offer bigint) returns setof json
    language plpgsql stable security definer set search_path = data, pg_temp as $$
declare
    o     offer;
    named text[];
    hidden boolean;
begin
    select * into o from offer x where x.id = offer_outlets.offer and auth.is_own(x.organisation_id);
    if o.id is null then
        perform auth.refuse('not_found');
    end if;
    named := case when o.opened_at is not null then o.channels
                  else (data.agreement_in_force((select g.network from organisation g where g.id = o.organisation_id))).channels end;
    hidden := o.replaced_by is not null and data.is_open(o.replaced_by);
    return query
        select json_build_object('code', t.code, 'label', t.label, 'name', w.name, 'state', w.state, 'published_at', w.published_at,
                                 'sent_at', w.sent_at, 'over_at', w.over_at, 'status', w.status, 'error', w.error, 'count', w.n)
          from outlet t
         cross join lateral (
            -- Before it opens, and what nothing was set up for.
            select null::text as name, case when o.closed_at is not null then 'never' else 'planned' end as state, null::timestamptz as published_at,
                   null::timestamptz as sent_at, null::timestamptz as over_at, null::integer as status, null::text as error, null::integer as n
             where o.opened_at is null
            union all
            select null, case when p.withdrawn_at is not null then 'over' when hidden then 'hidden' else 'shown' end, p.published_at, p.published_at, p.withdrawn_at,
                   null, null, null
              from publication p where p.offer_id = o.id and p.channel = 'board' and t.code in ('board', 'posting', 'atom', 'sitemap')
            union all
            select c.name, case when p.recalled_at is not null then 'over' when p.carried_at is null and p.withdrawn_at is null then 'waiting'
                                when p.carried_at is null then 'never' else 'shown' end, p.published_at, p.carried_at, p.recalled_at, null, null, null
              from publication p join channel c on c.id = p.channel_id where p.offer_id = o.id and p.channel = 'file' and t.code = 'file'
            union all
            select c.name, case when p.withdrawn_at is not null and d.state = 'done' then 'over' when p.withdrawn_at is not null and d.state = 'dropped' then 'never'
                                when d.state = 'done' then 'shown' when d.state = 'dead' then 'failed' else 'waiting' end,
                   p.published_at, f.settled_at, case when d.kind = 'offer.withdraw' and d.state = 'done' then d.settled_at end, d.status, d.error, null
              from publication p join channel c on c.id = p.channel_id
              left join lateral (select x.* from delivery x where x.offer_id = o.id and x.channel_id = p.channel_id order by x.id desc limit 1) d on true
              left join lateral (select x.settled_at from delivery x where x.offer_id = o.id and x.channel_id = p.channel_id
                                    and x.kind = 'offer.publish' and x.state = 'done') f on true
             where p.offer_id = o.id and p.channel = 'push' and t.code = 'push'
            union all
            select null, case when bool_or(x.state = 'done') then 'shown' when bool_or(x.state = 'waiting') then 'waiting' when bool_or(x.state = 'dead') then 'failed' else 'idle' end,
                   min(x.made_at), min(x.settled_at) filter (where x.state = 'done'), null, null, null, count(*) filter (where x.state = 'done')
              from delivery x where x.offer_id = o.id and x.kind = 'offer.opened' and t.code = 'webhook'
            having o.opened_at is not null) w
         where t.code = any (named) and (w.state <> 'idle' or t.code = 'webhook')
         order by t.rank, w.name;
end
$$;
