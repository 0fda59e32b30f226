import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { freshmaker } from '../support/cli-process.ts';
import { aFolder } from '../support/ingest-world.ts';

const policy = ['policy', 'apply', 'ops/policies/example.yaml', '--by', 'ann', '--why', 'a try'];

test('a policy makes no log where there is none, unless it is to be the first', async (t) => {
  const data = aFolder(t);
  const refused = await freshmaker([...policy, '--data', data]);
  t.is(refused.code, 2);
  t.regex(refused.err, /there is no log .*log\.db.*--data/);
  t.false(existsSync(join(data, 'log.db')));
  t.is((await freshmaker([...policy, '--first', '--data', data])).code, 0);
  const again = await freshmaker([...policy, '--data', data]);
  t.is(again.code, 0, again.err);
  t.regex(again.out, /already in force/);
});
