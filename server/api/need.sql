-- Needs. The rules are in schema/api/50_need.sql.

-- need_new(establishment bigint, rome text, posts bigint?, horizon text, contract text?, seasonal boolean?, difficulty text?, expires_on date?) -> row
-- Returns the id.
insert into data.need (establishment_id, organisation_id, member_id, rome, posts, horizon, contract, seasonal, difficulty, expires_on)
values (:establishment, auth.organisation(), auth.member(), :rome, :posts::smallint, :horizon, :contract, :seasonal, :difficulty, :expires_on)
returning id;

-- need_document(id bigint) -> json
select row_to_json(x), x.version::text from (
    select n.*, json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment
      from api.need_row n join data.need q on q.id = n.id join data.establishment e on e.id = q.establishment_id
     where n.id = :id) x;

-- need_sheet(id bigint) -> json
-- One need with all that its page shows: its steps, the offer, who is asked to call, and whether it is ours to move on.
select row_to_json(x), x.version::text from (
    select n.*, json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment,
           q.survey_year, (select m.name from data.member m where m.id = q.member_id) as member,
           auth.can_write() and data.need_is_ours(n.id) as ours,
           (select row_to_json(f) from (select o.id, o.title, o.state, o.posts, o.posts_filled from data.offer o
             where o.need_id = n.id order by o.id desc limit 1) f) as last_offer,
           (select row_to_json(t) from api.need_call t where t.establishment_id = e.id) as call,
           (select coalesce(json_agg(s order by s.id), '[]') from (
                select y.id, y.from_state as "from", y.to_state as "to", y.at, m.name as member, o.short_name as organisation, y.reason
                  from data.need_step y left join data.member m on m.id = y.member_id left join data.organisation o on o.id = y.organisation_id
                 where y.need_id = n.id) s) as steps
      from api.need_row n join data.need q on q.id = n.id join data.establishment e on e.id = q.establishment_id
     where n.id = :id) x;

-- needs_list(scope text, establishment bigint?, state text?, source text?, rome text?, q text?, commune text?, expiring boolean, before bigint, most bigint) -> json*
-- Newest first.
select row_to_json(x), x.id::text from (
    select n.*, json_build_object('id', e.id, 'name', e.name, 'siret', e.siret, 'city', e.city) as establishment
      from api.need_row n join data.need q on q.id = n.id join data.establishment e on e.id = q.establishment_id
     where n.id in (select api.need_ids(:scope, :establishment, :state, :source, :rome, :q, :commune, :expiring, :before, :most))
     order by n.id desc) x;

-- need_step(id bigint, state text, reason text?, on_day date?) -> void
select api.need_move(:id, :state, :reason, :on_day);

-- need_change(id bigint, version bigint, has_posts bool, posts bigint?, horizon text?, has_contract bool, contract text?, has_seasonal bool, seasonal boolean?, has_difficulty bool, difficulty text?, expires_on date?) -> void
select api.need_edit(:id, :version::integer, :has_posts, :posts::integer, :horizon, :has_contract, :contract, :has_seasonal, :seasonal,
                     :has_difficulty, :difficulty, :expires_on);

-- need_counts(by_what text, scope text, source text?, since date?, until date?, most bigint) -> json
-- The last twelve months when no day is given. The row without a key is the sum of all.
with span as (
    select coalesce(:since, data.today() - 365) as since, coalesce(:until, data.today()) as until
), counted as materialized (
    select f.* from span s, api.need_figures(:by_what, :scope, :source, s.since, s.until, :most::integer) f
)
select json_build_object('by', :by_what, 'since', s.since, 'until', s.until,
                         'total', (select row_to_json(c) from counted c where c.key is null),
                         'items', (select coalesce(json_agg(c), '[]') from counted c where c.key is not null))
  from span s;

-- need_survey(bassin text?, most bigint) -> json
select json_build_object(
    'bassins', (select coalesce(json_agg(json_build_object('code', b.code, 'name', b.name) order by b.name), '[]') from data.bassin b
                 where exists (select from data.bassin_commune c join data.territory_commune tc
                                   on tc.commune_code = c.commune_code and tc.territory_id = auth.territory() where c.bassin = b.code)),
    'items', (select coalesce(json_agg(m), '[]') from api.need_market(:bassin, :most::integer) m));

-- need_file_new(id bigint, name text, sha256 bytea, bytes bigint, sealed bytea) -> row?
-- Keeps a file of answers as received, sealed, and returns its id and true; or the id of the very same one given before.
with given as (
    insert into data.source_file (id, kind, organisation_id, member_id, name, sha256, bytes, content, is_sealed, state)
        overriding system value
    values (:id, 'needs', auth.organisation(), auth.member(), :name, :sha256, :bytes, :sealed, true, 'received')
    on conflict do nothing
    returning id
)
select g.id, true from given g
union all
select f.id, false from data.source_file f
 where not exists (select from given) and f.kind = 'needs' and f.organisation_id = auth.organisation()
   and f.sha256 = :sha256 and f.state not in ('refused', 'cancelled');
