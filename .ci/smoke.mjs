// Looks at a running service from outside: `free-port`, `answers <port>`, `closed <port>`, and
// `pid <process group>` of the service that npm started in that group.
import { readFileSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const [what, port] = process.argv.slice(2);
const base = `http://127.0.0.1:${port}`;
const patience = 60_000;

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });

const get = async (path) => {
  const answer = await fetch(base + path, { signal: AbortSignal.timeout(5000) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}: ${text}`);
  return text;
};

const until = async (promise, look) => {
  const begun = Date.now();
  let hindrance;
  while (Date.now() - begun < patience) {
    try {
      const found = await look();
      if (found !== undefined) {
        console.log(`${promise}, after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
        return found;
      }
    } catch (error) {
      hindrance = error;
    }
    await pause(200);
  }
  throw new Error(`not within ${patience / 1000} s: ${promise}`, { cause: hindrance });
};

const firstBuild = async () => JSON.parse(await get('/api/1/builds/')).items[0];
const finished = async () => JSON.parse(await get('/api/1/builds/?state=1')).items[0];

const answers = async () => {
  await until('/readyz says the service is ready', () => get('/readyz'));
  const build = await until('a build is listed', firstBuild);
  const event = JSON.parse(await get(`/api/1/events/${build.event_id}`));
  if (typeof event.message_id !== 'string' || event.message_id === '') {
    throw new Error(`event ${build.event_id} of build ${build.id} holds no message id`);
  }
  console.log(`build ${build.id} (${build.name}) was caused by message ${event.message_id}`);
  await until('a build is done', finished);
  if (!(await get('/docs')).includes('<html')) throw new Error('/docs is no page');
  console.log('/docs shows a page');
};

const isClosed = () =>
  new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() && false));
    socket.once('error', () => resolve(true));
  });

const groupOf = (pid) => {
  const [, after] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=\S )/u);
  return after.split(' ')[2];
};

const isService = (pid) => {
  try {
    const [program, script] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const isOurs = /(^|\/)node$/u.test(program) && script === 'dist/main/cli.js';
    return isOurs && groupOf(pid) === port;
  } catch {
    return false; // it has ended while we looked
  }
};

const pidOfService = () => {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  const found = pids.find(isService);
  if (found === undefined) throw new Error(`process group ${port} holds no service`);
  return found;
};

if (what === 'pid') console.log(pidOfService());
else if (what === 'free-port') console.log(await freePort());
else if (what === 'answers') await answers();
else if (!(await isClosed())) process.exit(1);
