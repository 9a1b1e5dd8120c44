-- Referrals: a partner proposes somebody for an offer by a reference of its own; the collector answers.

-- Locks an offer for what hangs on it, in the order that everybody keeps: the offer first.
create or replace function data.offer_hold(offer bigint) returns void
    language sql security definer set search_path = data, pg_temp
    begin atomic
        select from offer o where o.id = offer_hold.offer for no key update;
    end;

create or replace function data.referral_guard() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o    offer;
    way  referral_transition;
    most integer;
begin
    select * into o from offer x where x.id = new.offer_id for no key update;
    if tg_op = 'INSERT' then
        new.state := 'proposed';
        new.version := 1;
        new.made_at := data.now();
        new.refusal := null;
        new.answered_at := null;
        new.answered_by := null;
        if o.state not in ('reserved', 'open') then
            perform auth.refuse('referral_closed', json_build_object('state', o.state));
        end if;
        -- While it is reserved, an offer is for the networks of its routing.
        if o.state = 'reserved' and o.organisation_id <> new.organisation_id
           and not exists (select from offer_routing r join organisation g on g.network = r.network
                            where r.offer_id = o.id and g.id = new.organisation_id) then
            perform auth.refuse('forbidden');
        end if;
        -- A reference is a file number. What looks like a telephone or a social security number is somebody's.
        if new.reference ~ '^(0|00?33|33)[1-9]([./-]?[0-9]{2}){4}$'
           or translate(new.reference, './_-', '') ~* '^[12][0-9]{4}(2[AB]|[0-9]{2})[0-9]{6}([0-9]{2})?$' then
            perform auth.refuse('reference_personal', json_build_object('field', 'reference'));
        end if;
        most := (data.agreement_in_force((select g.network from organisation g where g.id = new.organisation_id))).referrals_most;
        if most <= (select count(*) from referral x where x.offer_id = new.offer_id and x.organisation_id = new.organisation_id
                       and x.state in ('proposed', 'met')) then
            perform auth.refuse('referral_limit', json_build_object('referrals_most', most, 'detail',
                case most when 1 then 'Une seule attend à la fois sur une offre' else format('Au plus %s attendent à la fois sur une offre', most) end
                || E'\u202f: retirez-en une, ou attendez la réponse de la structure qui a recueilli l’offre.'));
        end if;
        return new;
    end if;
    new.version := old.version + 1;
    if (new.offer_id, new.organisation_id, new.member_id, new.reference, new.public, new.made_at)
       is distinct from (old.offer_id, old.organisation_id, old.member_id, old.reference, old.public, old.made_at) then
        perform auth.refuse('referral_fixed');
    end if;
    select * into way from referral_transition t where t.from_state = old.state and t.to_state = new.state;
    if not found then
        perform auth.refuse('referral_transition', json_build_object('from', old.state, 'to', new.state));
    end if;
    -- Nobody is signed in when an offer that ends closes what hangs on it.
    if auth.organisation() is not null and o.closed_at is null
       and auth.organisation() <> (case when way.by_proposer then old.organisation_id else o.organisation_id end) then
        perform auth.refuse('forbidden');
    end if;
    if new.state = 'refused' and new.refusal is null then
        perform auth.refuse('reason_required', json_build_object('field', 'refusal'));
    end if;
    if new.state <> 'refused' then
        new.refusal := null;
    end if;
    new.answered_at := data.now();
    new.answered_by := auth.member();
    return new;
end
$$;
create or replace trigger referral_guard before insert or update on data.referral
    for each row execute function data.referral_guard();

-- Told to the two organisations concerned only: the log names no establishment, so that no other partner reads it.
create or replace function data.referral_told() returns trigger
    language plpgsql security definer set search_path = data, pg_temp as $$
declare
    o offer := (select x from offer x where x.id = new.offer_id);
begin
    perform data.log('referral.' || case when tg_op = 'INSERT' then 'made' else new.state end, null, null,
        jsonb_strip_nulls(jsonb_build_object('referral', new.id, 'offer', new.offer_id, 'refusal', new.refusal)),
        new.member_id, new.organisation_id);
    if tg_op = 'INSERT' then
        if o.organisation_id <> new.organisation_id then
            insert into task (kind, organisation_id, member_id, establishment_id, offer_id, referral_id, due_on, raised_at)
            values ('referral.answer', o.organisation_id, o.member_id, o.establishment_id, o.id, new.id,
                    data.working_day_after(data.today(), 2), data.now());
        end if;
        update task t set done_at = data.now() where t.offer_id = o.id and t.kind = 'offer.unserved' and t.done_at is null;
        return null;
    end if;
    update task t set done_at = data.now(), done_by = auth.member()
     where t.referral_id = new.id and t.kind in ('referral.answer', 'referral.answered') and t.done_at is null;
    if new.state <> 'withdrawn' and o.organisation_id <> new.organisation_id then
        insert into task (kind, mark, organisation_id, member_id, offer_id, referral_id, due_on, raised_at)
        values ('referral.answered', new.state, new.organisation_id, new.member_id, o.id, new.id, data.today(), data.now());
    end if;
    if new.state = 'hired' and o.closed_at is null then
        if o.posts_filled + 1 = o.posts then
            update offer x set state = 'filled', reason = null where x.id = o.id;
        else
            update offer x set posts_filled = x.posts_filled + 1 where x.id = o.id;
        end if;
    end if;
    return null;
end
$$;
create or replace trigger referral_told after insert or update on data.referral
    for each row execute function data.referral_told();

-- Proposes; returns its id. The same reference once per offer, as long as it is not withdrawn.
create or replace function api.referral_make(offer bigint, candidate text, public text) returns bigint
    language plpgsql as $$
declare
    made bigint;
begin
    if not exists (select from data.offer o where o.id = referral_make.offer) then
        perform auth.refuse('not_found');
    end if;
    if trim(referral_make.candidate) !~ '^[A-Za-z0-9][A-Za-z0-9._/-]{1,39}$' or referral_make.candidate !~ '[0-9]' then
        perform auth.refuse('reference_personal', json_build_object('field', 'reference'));
    end if;
    insert into data.referral (offer_id, organisation_id, member_id, reference, public)
    values (referral_make.offer, auth.organisation(), auth.member(), trim(referral_make.candidate), referral_make.public)
    on conflict (offer_id, organisation_id, reference) where state <> 'withdrawn' do nothing
    returning id into made;
    if made is null then
        perform auth.refuse('referral_twice', json_build_object('field', 'reference'));
    end if;
    return made;
end
$$;

create or replace function api.referral_move(referral bigint, state text, refusal text) returns void
    language plpgsql as $$
declare
    r record;
begin
    select x.offer_id into r from data.referral x where x.id = referral_move.referral;
    if not found then
        perform auth.refuse('not_found');
    end if;
    perform data.offer_hold(r.offer_id);
    update data.referral x set state = referral_move.state, refusal = referral_move.refusal where x.id = referral_move.referral;
    if not found then
        perform auth.refuse('forbidden');
    end if;
end
$$;

create or replace view api.referral_row with (security_invoker = true) as
select r.id, json_build_object('id', f.id, 'title', f.title, 'state', f.state,
                               'employer', (select nullif(concat_ws(', ', e.name, e.city), '') from data.establishment e where e.id = f.establishment_id)) as offer, api.organisation_ref(o) as organisation,
       json_build_object('id', m.id, 'name', m.name) as member, r.reference, r.public, r.state, r.refusal, x.label as refusal_label,
       r.made_at, r.answered_at, r.organisation_id = (select auth.organisation()) as made_by_us,
       coalesce(f.organisation_id = (select auth.organisation()), false) as answered_by_us, r.version
  from data.referral r
  left join data.offer f on f.id = r.offer_id
  join data.organisation o on o.id = r.organisation_id
  join data.member m on m.id = r.member_id
  left join data.referral_refusal x on x.code = r.refusal;
