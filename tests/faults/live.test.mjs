// Changes reach Redis in order, told by one worker of several, and by another one when it dies.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { Instance } from "../lib/instance.mjs";
import { sleep } from "./offers.mjs";

let m;
let listener;
let heard = [];

function listen() {
  listener = spawn("redis-cli", ["-s", m.redisSocket, "--csv", "subscribe", "maillage:live"], { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  listener.stdout.on("data", (more) => {
    const lines = (text += more).split("\n");
    text = lines.pop();
    for (const line of lines) {
      const message = /^"message","maillage:live","(.*)"$/.exec(line);
      if (message) heard.push(JSON.parse(JSON.parse(`"${message[1]}"`)));
    }
  });
}

before(async () => {
  m = await Instance.start({ template: "empty", server: false, worker: 2, ownCluster: true });
  listen();
  await sleep(1500);
});
after(async () => {
  listener?.kill();
  await m?.stop();
});

const tell = (n, from = 1) => m.psql(`select data.log('test.told', null, null, json_build_object('n', n)::jsonb) from generate_series(${from}, ${from + n - 1}) n`);
const seqs = () => heard.filter((h) => h.kind === "test.told").map((h) => h.seq);

test("each change once, in order, within a second", async () => {
  const start = Date.now();
  await tell(500);
  await m.until(() => seqs().length >= 500, "all is heard");
  assert.ok(Date.now() - start < 2000);
  await sleep(300);
  assert.equal(seqs().length, 500);
  assert.deepEqual(seqs(), [...seqs()].sort((a, b) => a - b));
});

test("the one that tells is killed: nothing is lost, whoever takes over may repeat", async () => {
  heard = [];
  const wanted = new Set();
  const [first] = m.children.worker;
  for (let i = 0; i < 40; i++) {
    const out = await m.psql(`select data.log('test.told', null, null, null); select max(id) from data.event`);
    wanted.add(Number(out.trim().split("\n").pop()));
    // Which of the two leads is not known from outside: both are killed in turn, each time with one left.
    if (i === 10) await m.stopWorker("SIGKILL", first);
    if (i === 20) {
      m.startWorker();
      await sleep(1500);
    }
    if (i === 25) await m.stopWorker("SIGKILL", m.children.worker[0]);
    await sleep(20);
  }
  await m.until(() => [...wanted].every((seq) => seqs().includes(seq)), "every change is heard");
});

test("PostgreSQL and Redis restarted: changes are told again", async () => {
  await m.stopPostgres();
  await m.startPostgres();
  await m.stopRedis();
  await m.startRedis();
  listener.kill();
  listen();
  heard = [];
  await m.until(async () => {
    await tell(1);
    return seqs().length > 0;
  }, "a change is heard", 10);
});
