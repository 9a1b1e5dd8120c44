-- The review desk: doubtful pairs of a row and an establishment, of one's own organisation.

-- review_take() -> row
-- The next pair for the person, held for them; null when nothing is left.
select api.review_take();

-- review_document(id bigint) -> json?
select d from api.review_document(:id) d where d is not null;

-- review_figures() -> json
select api.review_figures();

-- review_decide(id bigint, verdict text) -> void
select api.review_decide(:id, :verdict);

-- review_undo(id bigint) -> void
select api.review_undo(:id);

-- reviews_list(state text?, before bigint, most bigint) -> json*
-- Pairs of the organisation: the decided ones latest first, the open ones by id.
select api.review_document(r.id), r.id::text
  from data.review r
 where r.id < :before
   and case :state when 'open' then r.state = 'open' when 'decided' then r.decided_at is not null else true end
 order by r.id desc
 limit :most;

-- review_labels() -> row*
-- Decisions as labels, for a spreadsheet: the row or the other establishment, the establishment, what linkage thought and what
-- a person said; also those about what an import taken back removed. Who decided is told of one's own colleagues.
select s.file_id as "Fichier", s.line as "Ligne", s.own_key as "Identifiant du partenaire",
       coalesce(s.fields ->> 'name', s.fields ->> 'brand') as "Nom dans le fichier", s.fields ->> 'postcode' as "Code postal",
       s.fields ->> 'city' as "Commune", r.other_id as "Autre établissement", o.siret as "SIRET de l’autre", o.name as "Nom de l’autre",
       r.establishment_id as "Établissement", r.siret as "SIRET", r.name as "Nom dans la liste",
       replace(r.probability::text, '.', ',') as "Probabilité",
       case r.state when 'same' then 'même' else 'différent' end as "Décision", m.name as "Par",
       to_char(r.decided_at at time zone 'Europe/Paris', 'DD/MM/YYYY HH24:MI') as "Le"
  from (select w.source_record_id, w.establishment_id, e.siret, e.name, w.probability, w.state, w.decided_by, w.decided_at, w.other_id
          from data.review w join data.establishment e on e.id = w.establishment_id
         where w.state in ('same', 'different')
        union all
        select t.*, null from api.review_labels_taken_back() t) r
  left join data.source_record s on s.id = r.source_record_id
  left join data.establishment o on o.id = r.other_id
  left join data.member m on m.id = r.decided_by
 where s.id is not null or r.other_id is not null
 order by r.decided_at, r.source_record_id, r.other_id;
