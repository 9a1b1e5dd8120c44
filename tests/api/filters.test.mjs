// Each filter of the list against its plain meaning in SQL: the filters are written for the planner, not for the reader.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m, me, who;
before(async () => {
  m = await Instance.start({ template: "demo", worker: 0 });
  const { email } = m.account({ role: "adviser", network: "ml" });
  me = await m.signIn(email);
  const { member, organisation } = (await me.get("/api/session")).body;
  who = { member: member.id, organisation: organisation.id };
});
after(() => m?.stop());

const state = `case when s.opposed then 'opposed' when p.id is not null then 'promised'
                    when s.rest_until >= data.today() then 'resting' else 'free' end`;

async function meaning(condition) {
  const [{ total }] = await m.sql(`
    select count(*) as total
      from data.establishment e
      join data.organisation o on o.id = ${who.organisation}
      join data.territory_commune tc on tc.territory_id = o.territory_id and tc.commune_code = e.commune_code
      left join data.standing s on s.establishment_id = e.id
      left join data.promise p on p.establishment_id = e.id and p.state = 'active'
     where e.status = 'A' and e.merged_into is null and (${condition})`);
  return total;
}

const filters = () => ({
  "naf=47": "naf like '47%'",
  "naf=4": "naf like '4%'",
  "naf=47.1": "naf like '47.1%'",
  "naf=G": "left(naf, 2) in ('45', '46', '47')",
  "naf=G,56.10A": "left(naf, 2) in ('45', '46', '47') or naf = '56.10A'",
  "naf=56,43.22A": "naf like '56%' or naf = '43.22A'",
  "naf=47x": "false",
  "naf=%25": "false",
  "size=11": "size_band = '11'",
  "size=11,unknown": "size_band = '11' or size_band is null",
  "size=unknown": "size_band is null",
  "size=unknown,01": "size_band = '01' or size_band is null",
  "size=x": "false",
  "commune=03190": "e.commune_code = '03190'",
  "commune=03190,03185": "e.commune_code in ('03190', '03185')",
  "state=free": `${state} = 'free'`,
  "state=promised": `${state} = 'promised'`,
  "state=resting": `${state} = 'resting'`,
  "state=opposed": `${state} = 'opposed'`,
  "state=free,resting": `${state} in ('free', 'resting')`,
  "state=mine": `p.member_id = ${who.member} and p.organisation_id = ${who.organisation}`,
  "state=ours": `p.organisation_id = ${who.organisation}`,
  "state=ours,resting": `p.organisation_id = ${who.organisation} or ${state} = 'resting'`,
  "state=hasard": "false",
  "visited=never": "s.last_visit_at is null",
  "visited=year": "s.last_visit_at >= data.now() - interval '12 months'",
  "visited=older": "s.last_visit_at < data.now() - interval '12 months'",
  "naf=56&size=01,02&state=free&visited=never": `naf like '56%' and size_band in ('01', '02') and ${state} = 'free' and s.last_visit_at is null`,
});

test("each filter counts what it says", async () => {
  for (const [filter, condition] of Object.entries(filters())) {
    const { body } = await me.get(`/api/establishments/counts?${filter}`);
    assert.equal(body.total, await meaning(condition), filter);
  }
});

test("each filter lists what it counts", async () => {
  for (const filter of Object.keys(filters())) {
    const { body } = await me.get(`/api/establishments/counts?${filter}`);
    for (const sort of ["name", "size", "visited"]) {
      const page = await me.get(`/api/establishments?${filter}&sort=${sort}&limit=200`);
      assert.equal(page.body.items.length, Math.min(200, body.total), `${filter} ${sort}`);
    }
  }
});
