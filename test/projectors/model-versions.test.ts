import { createHash } from 'node:crypto';
import test from 'ava';
import { noticedMessagesModel, noticeFilter } from '../../main/backend/notice-consumer.ts';
import type { Filter } from '../../event-log/event-log.ts';
import { projectors } from '../../projectors/all.ts';
import { filterOf } from '../../projectors/projector.ts';
import type { Model } from '../../projectors/read-models.ts';
import type { KnownModel } from './known-models.ts';
import { knownModels } from './known-models.ts';

type Declared = { readonly model: Model; readonly filter: Filter };

const declared: ReadonlyArray<Declared> = [
  ...projectors.map((projector) => ({ model: projector.model, filter: filterOf(projector) })),
  { model: noticedMessagesModel, filter: noticeFilter },
];

const asKnown = ({ model, filter }: Declared): KnownModel => {
  const { categories = [], types = [] } = filter;
  const fields = Object.entries(model.fields).map(([name, kind]) => `${name}:${kind}`);
  const content = [categories, types, fields].map((names) => [...names].sort());
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  return { model: model.name, version: model.version, hash };
};

/** What is wrong with a model beside those that are known; undefined for nothing. */
const faultOf = (now: KnownModel, known: ReadonlyArray<KnownModel>): string | undefined => {
  const { model, version, hash } = now;
  const line = `{ model: '${model}', version: ${version}, hash: '${hash}' }`;
  const earlier = known.filter((one) => one.model === model);
  const same = earlier.find((one) => one.version === version);
  if (same?.hash === hash) return undefined;
  if (same !== undefined) {
    return `${model} is told from other categories or types, or has other fields, than version ${version} had. Raise the version of its model, so that its rows are told anew beside those of the older one, and add its line to test/projectors/known-models.ts.`;
  }
  const newest = Math.max(0, ...earlier.map((one) => one.version));
  return version > newest
    ? `version ${version} of ${model} is new: add ${line} to test/projectors/known-models.ts, and change no other line.`
    : `${model} has version ${version}, but there was a version ${newest}: an older version never goes live over a newer one. Give it version ${newest + 1}.`;
};

for (const one of declared) {
  test(`whoever changes what ${one.model.name} is told from, or its fields, raises its version`, (t) => {
    t.is(faultOf(asKnown(one), knownModels), undefined);
  });
}

test('every model has a name of its own', (t) => {
  t.true(declared.length >= 13);
  t.is(new Set(declared.map(({ model }) => model.name)).size, declared.length);
});

const first: KnownModel = { model: 'fruits', version: 2, hash: 'a' };
const changes: ReadonlyArray<readonly [string, Partial<KnownModel>, RegExp]> = [
  ['changed without a raised version', { hash: 'b' }, /^fruits is told from .*Raise the version/],
  ['with a raised version', { version: 3, hash: 'b' }, /add \{ model: 'fruits', version: 3, hash/],
  ['with a lowered version', { version: 1, hash: 'b' }, /Give it version 3\.$/],
];
for (const [what, change, told] of changes) {
  test(`of a model ${what} it is told what to do`, (t) => {
    t.is(faultOf(first, [first]), undefined);
    t.regex(faultOf({ ...first, ...change }, [first]) ?? '', told);
  });
}

test('what a model is told from has one hash in any order, and another with one type more', (t) => {
  const model: Model = {
    ...{ name: 'fruits', version: 1, fields: { name: 'text', weight: 'integer' } },
    fieldsOf: () => ({}),
  };
  const turned = { ...model, fields: { weight: 'integer', name: 'text' } } as const;
  const filter = { categories: ['x', 'y'], types: ['A', 'B'] };
  const { hash } = asKnown({ model, filter });
  const other = { categories: ['y', 'x'], types: ['B', 'A'] };
  t.is(asKnown({ model: turned, filter: other }).hash, hash);
  t.not(asKnown({ model, filter: { ...filter, types: ['A', 'B', 'C'] } }).hash, hash);
  t.not(asKnown({ model, filter: { ...filter, categories: ['x'] } }).hash, hash);
  const fewer = { ...model, fields: { name: 'text' } } as const;
  t.not(asKnown({ model: fewer, filter }).hash, hash);
});
