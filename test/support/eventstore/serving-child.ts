// The stand-in as a process of its own: `serving-child.ts <settings JSON>`; says its port on stdout.
import { readFileSync } from 'node:fs';
import { openJournal } from './journal.ts';
import type { ChildSettings } from './process.ts';
import { makeServer } from './server.ts';
import { credentialsOf } from './stand-in.ts';
import { openStore } from './store.ts';
import { denialBy } from './users.ts';

const [text = '{}'] = process.argv.slice(2);
const { file, port, tls } = JSON.parse(text) as ChildSettings;

const journal = openJournal(file);
const server = makeServer({
  store: openStore({ journal }),
  mood: {
    next: () => undefined,
    denial: denialBy(tls?.users),
    cut: () => undefined,
    isReady: () => true,
    leader: () => undefined,
    clockAhead: () => 0,
  },
  version: () => '23.10.7',
});
const certificate =
  tls === undefined
    ? undefined
    : { ...tls, key: readFileSync(tls.keyFile), chain: readFileSync(tls.chainFile) };
const bound = await server.listen(port, credentialsOf(certificate));

// A server that is told to stop ends its calls without a status, and then is gone.
process.on('SIGTERM', () => {
  server.drop();
  setImmediate(() => {
    server.close();
    void journal.synced().finally(() => process.exit(0));
  });
});
// Whoever started it has gone.
process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.write(`port ${bound}\n`);
