// Runs the laws of the stores against servers that exist: `npm run test:stores -- --help`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `Runs the laws that every log, or every store of read models, keeps, against a server of yours.

  npm run test:stores -- --eventstore <connection string> --mongodb <connection string>

  --eventstore <url>  EventStoreDB 23.10 or newer, as esdb://admin:changeit@host:2113?tlsCAFile=ca.pem
                      or esdb://host:2113?tls=false; the user needs to read $all
  --mongodb <url>     MongoDB, a replica set, as mongodb://host:27017/?replicaSet=rs0
  --help              this text

Give one or both; only what is given is run. The servers may hold something already: streams and
databases get names of their own. Events cannot be deleted, so the streams stay; what MongoDB was
given for the tests is dropped. Never name a server in use by Freshmaker.

Exit codes: 0 all laws are kept, 1 one is broken, 2 wrong use.`;

const suites = {
  eventstore: {
    scheme: /^esdb(\+discover)?:\/\//,
    form: 'esdb://',
    variable: 'FRESHMAKER_TEST_EVENTSTORE',
    arguments: ['test/event-log/eventstoredb.test.ts', '--match=*on a real server*'],
  },
  mongodb: {
    scheme: /^mongodb(\+srv)?:\/\//,
    form: 'mongodb://',
    variable: 'FRESHMAKER_TEST_MONGODB',
    arguments: ['test/projectors/mongodb*.test.ts'],
  },
};

const complain = (sentence) => {
  console.error(`${sentence} See npm run test:stores -- --help.`);
  process.exit(2);
};

const givenOptions = () => {
  const text = { type: 'string' };
  const options = { eventstore: text, mongodb: text, help: { type: 'boolean' } };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return complain(`${error.message.split('. ')[0].replace(/\.$/, '')}.`);
  }
};

const { help: isHelp, ...given } = givenOptions();
if (isHelp) {
  console.log(help);
  process.exit(0);
}
const wanted = Object.entries(suites).filter(([name]) => given[name] !== undefined);
if (wanted.length === 0) complain('No server is named: give --eventstore, --mongodb or both.');
for (const [name, { scheme, form }] of wanted) {
  // What was given is not repeated: it may hold a password.
  if (!scheme.test(given[name])) {
    complain(`--${name} is no connection string: it begins with ${form}.`);
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));
const ava = join(root, 'node_modules/ava/entrypoints/cli.mjs');
let isBroken = false;
for (const [name, suite] of wanted) {
  console.log(`The laws on ${name}:`);
  const env = { ...process.env, [suite.variable]: given[name] };
  const child = spawn(process.execPath, [ava, ...suite.arguments], { cwd: root, env, stdio: 'inherit' }); // prettier-ignore
  const [code] = await once(child, 'exit');
  isBroken ||= code !== 0;
}
process.exit(isBroken ? 1 : 0);
