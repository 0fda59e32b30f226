import test from 'ava';
import fc from 'fast-check';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { projectors } from '../../projectors/all.ts';
import type { Projector, Recorded } from '../../projectors/projector.ts';
import { contents as contentsOf, openssl, recorded } from './image-stories.ts';
import type { Told } from './told.ts';
import { foldInto, inStream, record } from './told.ts';
import { begun, completed, difference } from './reconcile-story.ts';
import {
  aDecision,
  artifactStory,
  concluded,
  moved,
  noticed,
  planned,
  specChange,
  taken,
} from './stories.ts';
import type { Rows } from './told.ts';

const observed = (messageId: string): DomainEvent => ({
  ...{ type: 'MessageObserved', messageId, idDerived: false, topic: 'git.receive', prefix: '' },
  ...{ format: 'fedmsg', transport: 'amqp', sentAt: null, headers: {} },
  body: { encoding: 'text', text: '{}' },
});
const contents = (buildId: number, commit: string, context: string): DomainEvent => ({
  ...{ type: 'ModuleContentsRecorded', buildId, name: 'nodejs', stream: '20', context, commit },
  ...{ version: `2026010100000${buildId % 4}`, completedAt: null },
  ...{ components: [{ package: `p${buildId}`, ref: 'main' }], buildRequires: [] },
});

const atIndex = <A>(items: ReadonlyArray<A>, which: number): A => {
  const item = items[which % items.length];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
};
const imageBuild = (buildId: number) =>
  recorded(contentsOf(buildId, [openssl(`1-${buildId % 3}`), openssl('1-1'), openssl('2-1')]));
const at = '2026-01-01T00:00:00Z';
const composed: ReadonlyArray<DomainEvent> = [
  {
    ...{ type: 'ComposeWanted', trigger: 't', number: 7, messageId: 'm', at },
    order: { builds: ['a-1-1'], packages: ['a'], sigkeys: [], arches: [], secondsToLive: 60 },
  },
  {
    ...{ type: 'ComposeSubmitted', attempt: 1, composeId: 5, found: false, repofile: null, at },
  },
  { type: 'ComposeExpired', composeId: 5, reason: null, at },
];

const small = fc.integer({ min: 1, max: 3 });
const anEvent: fc.Arbitrary<Told> = fc.oneof(
  fc
    .oneof(
      small.map((build) => planned(build)),
      fc.tuple(small, small).map(([number, build]) => taken(number, build)),
      fc.tuple(small, small, small).map(([n, from, build]) => moved(`t${n}`, from, build)),
      fc.constantFrom(...Object.values(artifactStory)),
    )
    .map(inStream('artifact-module:nodejs:20')),
  fc
    .constantFrom<DomainEvent>(
      noticed(),
      { type: 'WaveLaunched', number: 7, artifacts: 1 },
      { type: 'CandidatesDecided', number: 7, part: 0, decisions: [aDecision()] },
      { type: 'CandidateRedecided', number: 7, decision: aDecision({ verdict: 'no' }) },
      { type: 'TriggerReopened', number: 7, artifact: 'a', reason: 'again' },
      concluded('failed', 'No.'),
    )
    .map(inStream('trigger-t7')),
  small.chain((n) =>
    fc
      .constantFrom<DomainEvent>(
        observed(`m${n}`),
        { type: 'MessageSetAside', code: 'fork', explanation: 'A fork.' },
        { type: 'MessageUnderstood', reading: specChange },
      )
      .map(inStream(`message-m${n}`)),
  ),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y'))
    .map(([buildId, commit, context]) => inStream('module-m')(contents(buildId, commit, context))),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.nat())
    .map(([buildId, which]) => atIndex(imageBuild(buildId), which)),
  fc.nat().map((which) => inStream('compose-t')(atIndex(composed, which))),
  fc.constantFrom<DomainEvent>(begun, difference, completed).map(inStream('reconcile')),
);
const aHistory = fc.array(anEvent, { maxLength: 60 });

const whole = (projector: Projector, events: ReadonlyArray<Recorded>): Rows =>
  foldInto(projector, new Map(), events);
const inPages = (projector: Projector, pages: ReadonlyArray<ReadonlyArray<Recorded>>): Rows =>
  pages.reduce<Rows>((rows, page) => foldInto(projector, rows, page), new Map());

const pagesOf = (events: ReadonlyArray<Recorded>, cuts: ReadonlyArray<number>) => {
  const ends = [...new Set([...cuts.map((cut) => cut % (events.length + 1)), events.length])];
  ends.sort((a, b) => a - b);
  return ends.map((end, i) => events.slice(ends[i - 1] ?? 0, end));
};
const plain = (rows: Rows) => JSON.stringify([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));

for (const projector of projectors) {
  const { name } = projector.model;

  test(`${name}: a log delivered twice leaves the same rows`, (t) => {
    fc.assert(
      fc.property(aHistory, fc.nat(), (history, from) => {
        const events = record(history);
        const once = whole(projector, events);
        const again = foldInto(projector, once, events.slice(from % (events.length + 1)));
        return plain(once) === plain(again);
      }),
    );
    t.pass();
  });

  test(`${name}: it does not matter in which pages the log is read`, (t) => {
    fc.assert(
      fc.property(aHistory, fc.array(fc.nat(), { maxLength: 8 }), (history, cuts) => {
        const events = record(history);
        const pages = pagesOf(events, cuts);
        return plain(whole(projector, events)) === plain(inPages(projector, pages));
      }),
    );
    t.pass();
  });

  test(`${name}: rows can be found by the fields that are declared, and no others`, (t) => {
    const declared = Object.keys(projector.model.fields).sort();
    const bodies = fc.sample(aHistory, { numRuns: 200, seed: 1 }).flatMap((history) => {
      return [...whole(projector, record(history)).values()].map(({ body }) => body);
    });
    t.true(bodies.length > 0);
    for (const body of bodies) {
      t.deepEqual(Object.keys(projector.model.fieldsOf(body)).sort(), declared);
    }
  });
}
