// Offers that were withdrawn when reasons were words only: each keeps what was said, as a comment beside a code; publics say one thing; links keep their answers.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { olderThan, upgrade } from "../lib/upgrade.mjs";

let m;
before(async () => {
  m = await Instance.start({ template: "empty", server: false, worker: 0, ownCluster: true });
});
after(() => m?.stop());

test("the upgrade gives each reason a code and takes no word away", async () => {
  await olderThan(m, "0050");
  await m.psql(`
    insert into data.territory (name, kind) values ('T', 'project');
    insert into data.organisation (network, territory_id, name, short_name) values ('ft', 1, 'Agence', 'Agence');
    insert into data.member (email, name, password_hash, created_at) values ('a@a.example', 'Anne Adviser', 'x', now());
    insert into data.membership (member_id, organisation_id, role, since) values (1, 1, 'adviser', current_date);
    insert into data.establishment (legal_name) values ('Employeur');
    insert into data.rome (code, label) values ('G1602', 'Personnel de cuisine') on conflict do nothing;
    insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, publics, state, reason, created_at, confirmed_at, opens_at, confirmed_with)
    values (1, 1, 1, 'Retirée', 'G1602', 'cdi', '{all}', 'withdrawn', 'L’employeur a recruté ailleurs', now(), null, null, null),
           (1, 1, 1, 'Réservée', 'G1602', 'cdi', '{young,all,disabled}', 'reserved', null, now(), '2026-06-04 10:00+02', now(), 'Mme Roy');
    insert into data.offer_step (offer_id, from_state, to_state, at) values (2, 'draft', 'confirmed', '2026-06-04 10:00+02'), (2, 'confirmed', 'reserved', '2026-06-04 10:00+02');
    insert into data.offer_link (offer_id, offer_version, organisation_id, member_id, token_hash, made_at, expires_at, answer, answered_at, answered_by)
    values (2, 1, 1, 1, sha256('x'), '2026-06-04 09:00+02', '2026-06-11 09:00+02', 'confirmed', '2026-06-04 10:00+02', 'Mme Roy');`);
  await upgrade(m);
  assert.equal(await m.psql("select withdrawal || ' ' || reason from data.offer where title = 'Retirée'"), "other L’employeur a recruté ailleurs");
  assert.equal(await m.psql("select string_agg(publics::text, ' ' order by id) from data.offer"), "{all} {young,disabled}", "the named publics stay, « all » alone too");
  assert.equal(await m.psql("select withdrawal is null from data.offer where title = 'Réservée'"), "t");
  assert.equal(await m.psql("select string_agg(to_state || ' ' || by_employer, ', ' order by id) from data.offer_step"), "confirmed true, reserved true");
  assert.equal(await m.psql("select purpose || ' ' || answer from data.offer_link"), "confirm confirmed");
  await assert.rejects(m.psql("update data.offer set withdrawal = null where title = 'Retirée'"));
});
