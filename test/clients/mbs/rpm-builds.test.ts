import test from 'ava';
import { aPage, aRow, aServer, json } from './server.ts';

const tasks = (...nvrs: ReadonlyArray<string | null>) => ({
  tasks: {
    rpms: Object.fromEntries(nvrs.map((nvr, index) => [`c${index}`, { nvr, state: 1 }])),
  },
});

const asked = async (t: Parameters<typeof aServer>[0], ...rows: ReadonlyArray<unknown>) => {
  const server = await aServer(t, (_, response) => json(response, 200, aPage(rows)));
  const answer = await server.mbs().rpmBuilds('baker', 'rolling_2', '28', 'feedbeef')();
  return { answer, url: server.asked[0]?.url };
};

test('the RPM builds of a module are those of its components', async (t) => {
  const row = aRow({ stream: 'rolling_2', ...tasks('flour-1-1.f40', 'bread-2-1.f40') });
  const { answer, url } = await asked(t, row);
  t.deepEqual(answer, { _tag: 'Right', right: ['bread-2-1.f40', 'flour-1-1.f40'] });
  const query = Object.fromEntries(url?.searchParams ?? []);
  t.like(query, { name: 'baker', version: '28', context: 'feedbeef', verbose: 'true' });
});

test('a stream is found though its dashes became underscores in the name of the build', async (t) => {
  const { answer } = await asked(t, aRow({ stream: 'rolling-2', ...tasks('flour-1-1.f40') }));
  t.deepEqual(answer, { _tag: 'Right', right: ['flour-1-1.f40'] });
});

test('rows of other streams are not what was asked for', async (t) => {
  const { answer } = await asked(t, aRow({ stream: 'rolling_3', ...tasks('flour-1-1.f40') }));
  t.like(answer, { _tag: 'Left', left: { code: 'mbs-missing' } });
});

test('a component that has no build yet is left out', async (t) => {
  const { answer } = await asked(t, aRow({ stream: 'rolling_2', ...tasks(null, 'flour-1-1') }));
  t.deepEqual(answer, { _tag: 'Right', right: ['flour-1-1'] });
});

test('a row that names no components cannot be read', async (t) => {
  const { answer } = await asked(t, aRow({ stream: 'rolling_2' }));
  t.like(answer, { _tag: 'Left', left: { code: 'mbs-unreadable' } });
});
