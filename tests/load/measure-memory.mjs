// Memory of the server with 1,000 idle connections and 200 event streams: when fresh, and after the load of other measures.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { resident, wrk } from "./tools.mjs";

const IDLE = 1000;
const STREAMS = 200;
const PER_MEMBER = 8;

// Asks once on a connection of its own, which stays open; resolves with the socket at the first bytes of a 200 answer.
function hold(port, path, cookie) {
  return new Promise((done, fail) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", fail);
    socket.once("data", (bytes) => {
      if (!/^HTTP\/1.1 200 /.test(bytes.toString("latin1"))) fail(new Error(`${path}: ${bytes.toString("latin1", 0, 200)}`));
      else done(socket);
    });
    socket.on("data", () => {});
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${cookie}\r\n\r\n`);
  });
}

async function crowd(m, setting) {
  const sockets = [];
  for (let i = 0; i < IDLE; i += 50) {
    const cookie = await setting.cookie(1);
    sockets.push(...(await Promise.all(Array.from({ length: 50 }, (_, k) => hold(m.port, `/api/establishments/${1 + i + k}`, cookie)))));
  }
  for (let i = 0; i < STREAMS; i += PER_MEMBER) {
    const cookie = await setting.cookie(1 + i / PER_MEMBER);
    sockets.push(...(await Promise.all(Array.from({ length: PER_MEMBER }, () => hold(m.port, "/api/stream", cookie)))));
  }
  await sleep(500);
  const open = sockets.filter((s) => !s.destroyed && !s.readableEnded).length;
  if (open !== IDLE + STREAMS) throw new Error(`${IDLE + STREAMS - open} connections were closed`);
  return sockets;
}

async function leave(sockets) {
  for (const socket of sockets) socket.destroy();
  await sleep(500);
}

export async function memory({ m, setting, figure, say }) {
  const child = m.children.server;
  const cookie = await setting.cookie(1);
  const light = [`/api/establishments/{1-${setting.count}}`, "/api/establishments?naf={43|47|56|68|86|94|96}&limit=200"];
  const heavy = ["/api/establishments/counts", "/api/indicators/figures", "/api/establishments/points?bbox=2,45.8,4.1,46.9"];
  await Promise.all([
    wrk(m.url, light, { seconds: 4, connections: 32, headers: { cookie, "accept-encoding": "gzip" } }),
    wrk(m.url, heavy, { seconds: 4, connections: 8, headers: { cookie } }),
  ]);
  const loaded = resident(child);
  const after = await crowd(m, setting);
  const held = resident(child);
  await leave(after);
  say(`after the load: ${loaded.toFixed(1)} MB, with the crowd ${held.toFixed(1)} MB`);
  await m.stopServer();
  await m.startServer();
  const start = resident(m.children.server);
  const first = await crowd(m, setting);
  const fresh = resident(m.children.server);
  await leave(first);
  say(`fresh: ${start.toFixed(1)} MB, with the crowd ${fresh.toFixed(1)} MB`);
  figure("memory.start_mb", "server just started", start, "MB");
  figure("memory.fresh_mb", "  with 1,000 idle connections and 200 streams", fresh, "MB", { below: 64 });
  figure("memory.loaded_mb", "server after the load", loaded, "MB");
  figure("memory.held_mb", "  with 1,000 idle connections and 200 streams", held, "MB", { below: 64 });
}
