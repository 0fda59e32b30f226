import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { compareNvrs, isModular, parseNvr, rebuiltNvr } from '../../../domain/rpm/nvr.ts';

type Vectors = {
  readonly rebuilt_nvr: ReadonlyArray<{
    readonly type: string;
    readonly nvr: string;
    readonly suffix: string;
    readonly now_unix: number;
    readonly rebuilt: string | null;
  }>;
  readonly sort_by_nvr: ReadonlyArray<{
    readonly in: ReadonlyArray<string>;
    readonly asc: ReadonlyArray<string>;
    readonly desc: ReadonlyArray<string>;
  }>;
  readonly modular_nvr: ReadonlyArray<{ readonly nvr: string; readonly modular: boolean }>;
};

const folder = process.env['FRESHMAKER_CONTRACT'] ?? join('..', 'shared', 'contract');
const file = join(folder, 'pure-vectors.json');
const isThere = existsSync(file);
const recorded = isThere ? test : test.skip;
const titled = (title: string): string => (isThere ? title : `${title} (no ${file})`);
const vectors = (): Vectors => JSON.parse(readFileSync(file, 'utf8')) as Vectors;

test('an NVR comes apart into name, version and release, whatever dashes the name has', (t) => {
  t.deepEqual(
    parseNvr('foo-bar-container-1.2-3.fc28'),
    E.right({ name: 'foo-bar-container', epoch: null, version: '1.2', release: '3.fc28' }),
  );
  t.deepEqual(
    parseNvr('perl-4:5.26-1'),
    E.right({ name: 'perl', epoch: 4, version: '5.26', release: '1' }),
  );
});

for (const text of ['', 'bash', 'bash-1', '-1-1', 'a--1']) {
  test(`"${text}" is no NVR, and the answer says what one looks like`, (t) => {
    const parsed = parseNvr(text);
    t.true(E.isLeft(parsed) && parsed.left.reason.includes('bash-4.4.23-1.fc28'));
  });
}

recorded(titled('a rebuilt image is named as the original named it'), (t) => {
  for (const { type, nvr, suffix, now_unix, rebuilt } of vectors().rebuilt_nvr) {
    if (type !== 'image') continue;
    const ours = rebuiltNvr(nvr, now_unix, suffix);
    t.deepEqual([nvr, E.isRight(ours) ? ours.right : 'error:GenericError'], [nvr, rebuilt]);
  }
});

recorded(titled('NVRs are sorted as the original sorted them'), (t) => {
  for (const { in: unsorted, asc, desc } of vectors().sort_by_nvr) {
    t.deepEqual([...unsorted].sort(compareNvrs), asc);
    t.deepEqual(
      [...unsorted].sort((a, b) => compareNvrs(b, a)),
      desc,
    );
  }
});

recorded(titled('the release of an RPM tells whether it was built in a module'), (t) => {
  for (const { nvr, modular } of vectors().modular_nvr) t.is(isModular(nvr), modular, nvr);
});
