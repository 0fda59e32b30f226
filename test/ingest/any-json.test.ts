import test from 'ava';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Json } from '../../domain/json.ts';
import { catalogue } from '../../domain/catalogue.ts';
import { messageStream } from '../../domain/stream-names.ts';
import { judge } from '../../ingest/judge.ts';
import { normalise, normaliseAnything } from '../../ingest/normal-form.ts';
import { observe } from '../../ingest/observe.ts';
import { topics } from '../../ingest/topics/table.ts';
import { fixtureNames, fixtureText } from '../support/bus-fixtures.ts';

const names = topics.flatMap(({ patterns }) => patterns).map((one) => one.replace('*.#', 'a.b'));

const envelope = fc.record(
  {
    topic: fc.oneof(
      fc.constantFrom(...names, ...names.map((name) => `org.fedoraproject.prod.${name}`)),
      fc.string({ unit: 'binary' }),
    ),
    msg: fc.jsonValue(),
    body: fc.jsonValue(),
    msg_id: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    id: fc.jsonValue(),
    headers: fc.jsonValue(),
    timestamp: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

// A real message with one value somewhere replaced by any other.
const damaged = fc
  .tuple(fc.constantFrom(...fixtureNames()), fc.nat(), fc.jsonValue())
  .map(([name, seed, value]) => {
    const paths: Array<(replacement: unknown) => void> = [];
    const raw = JSON.parse(fixtureText(name)) as Json;
    const visit = (at: unknown): void => {
      if (typeof at !== 'object' || at === null) return;
      const object = at as Record<string, unknown>;
      for (const key of Object.keys(object)) {
        paths.push((replacement) => (object[key] = replacement));
        visit(object[key]);
      }
    };
    visit(raw);
    paths[seed % paths.length]?.(value);
    return raw;
  });

const gets = (raw: Json): boolean => {
  const text = JSON.stringify(raw);
  const message = normaliseAnything(raw, { text });
  const events = observe(message, judge(message), 'test').closing(0);
  const areSound = events.every((event) => {
    const codec = catalogue.get(event.type);
    return codec !== undefined && E.isRight(codec.decode(event));
  });
  return areSound && messageStream('real', message.key).startsWith('message-');
};

test('any JSON at all gets a verdict that can be put on record', (t) => {
  t.notThrows(() =>
    fc.assert(fc.property(fc.oneof(envelope, fc.jsonValue()), (raw) => gets(raw as Json))),
  );
});

test('a real message with any value in any place gets a verdict that can be put on record', (t) => {
  t.notThrows(() => fc.assert(fc.property(damaged, gets), { numRuns: 1000 }));
});

test('the body kept from the text is the body that was read', (t) => {
  const holds = (raw: Json, space: number): boolean => {
    const text = JSON.stringify(raw, null, space);
    const message = normalise(JSON.parse(text) as Json, { text });
    if (E.isLeft(message)) return true;
    const { body, bodyText } = message.right;
    const isSame = (kept: Json): boolean => JSON.stringify(kept) === JSON.stringify(body);
    const isFlat = typeof raw === 'object' && raw !== null && !('msg' in raw) && !('body' in raw);
    return isFlat || isSame(JSON.parse(bodyText) as Json) || bodyText === body;
  };
  t.notThrows(() =>
    fc.assert(fc.property(envelope, fc.nat(4), (raw, space) => holds(raw as Json, space))),
  );
});
