import { execFileSync, spawnSync } from 'node:child_process';
import test from 'ava';
import * as fc from 'fast-check';
import { compareEvr } from '../../../domain/rpm/evr.ts';
import { rpmvercmp } from '../../../domain/rpm/vercmp.ts';

/** Left is older than, equal to, or newer than right. */
const known = `
1.0 = 1.0 | 1.0 < 2.0 | 2.0.1 > 2.0 | 2.0.1 = 2.0.1 | 2.0.1a > 2.0.1 | 5.5p1 < 5.5p2 | 5.5p10 > 5.5p1
10xyz < 10.1xyz | xyz10 < xyz10.1 | xyz.4 < 8 | xyz.4 < 2 | 5.5p2 < 5.6p1 | 6.0.rc1 > 6.0 | 10b2 > 10a1
7.4.052 = 7.4.52 | 1.0aa > 1.0a | 10.0001 = 10.1 | 10.0001 < 10.0039 | 4.999.9 < 5.0 | 20101121 < 20101122
2_0 = 2.0 | a+ = a_ | +a = _a | +_ = _+ | 1.0~rc1 < 1.0 | 1.0~rc1 < 1.0~rc2 | 1.0~rc1 = 1.0~rc1
1.0~rc1~git123 < 1.0~rc1 | 1.0^ > 1.0 | 1.0^git1 > 1.0 | 1.0^git1 < 1.0^git2 | 1.0^git1 < 1.01
1.0^20160101 < 1.0.1 | 1.0^20160101^git1 > 1.0^20160101 | 1.0~rc1^git1 > 1.0~rc1 | 1.0^git1~pre < 1.0^git1
1b.fc17 = 1b.fc17 | 1b.fc17 < 1.fc17 | 1g.fc17 > 1.fc17 | a < 1 | ~ < a | ^ > ~ | 1.fc28 < 1.fc28.1
`;

const wanted = { '<': -1, '=': 0, '>': 1 } as Readonly<Record<string, number>>;

for (const line of known.trim().split(/\n| \| /u)) {
  const [one = '', sign = '=', two = ''] = line.trim().split(' ');
  test(`RPM orders ${one} ${sign} ${two}`, (t) => {
    const order = wanted[sign] ?? 0;
    t.is(Math.sign(rpmvercmp(one, two)), order);
    t.is(Math.sign(rpmvercmp(two, one)), order === 0 ? 0 : -order);
  });
}

const version = fc
  .array(fc.constantFrom('0', '1', '9', '10', '007', 'a', 'b', 'rc', '.', '_', '+', '~', '^'), {
    ...{ minLength: 1, maxLength: 6 },
  })
  .map((parts) => parts.join(''));

test('whatever two versions are, one is newer exactly when the other is older', (t) => {
  fc.assert(
    fc.property(version, version, (one, two) => {
      t.is(Math.sign(rpmvercmp(one, two)), 0 - Math.sign(rpmvercmp(two, one)));
    }),
  );
  t.pass();
});

test('an epoch decides before the version, and the version before the release', (t) => {
  const evr = (epoch: number | null, v: string, release: string) => ({
    epoch,
    version: v,
    release,
  });
  t.true(compareEvr(evr(1, '1.0', '1'), evr(null, '2.0', '1')) > 0);
  t.true(compareEvr(evr(null, '2.0', '1'), evr(0, '1.0', '9')) > 0);
  t.true(compareEvr(evr(0, '1.0', '2'), evr(null, '1.0', '10')) < 0);
  t.is(compareEvr(evr(0, '1.0', '1'), evr(null, '1.0', '1')), 0);
});

const hasRpm = spawnSync('rpm', ['--version']).status === 0;
const withRpm = hasRpm ? test : test.skip;
const title = 'a thousand pairs of made-up versions come out as in the installed rpm';

withRpm(hasRpm ? title : `${title} (no rpm on this machine)`, (t) => {
  const pairs = fc.sample(fc.tuple(version, version), { numRuns: 1000, seed: 28 });
  const calls = pairs.map(([one, two]) => `rpm.vercmp("${one}","${two}")`);
  const script = `print(table.concat({${calls.join(',')}}, ' '))`;
  const printed = execFileSync('rpm', ['--eval', `%{lua: ${script}}`], { encoding: 'utf8' });
  const theirs = printed.trim().split(' ').map(Number);
  const ours = pairs.map(([one, two]) => Math.sign(rpmvercmp(one, two)) + 0);
  t.deepEqual(ours, theirs);
});
