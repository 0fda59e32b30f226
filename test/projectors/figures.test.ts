import test from 'ava';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { figuresProjector } from '../../projectors/figures/project.ts';
import type { DurationsRow, TotalName, TotalRow } from '../../projectors/figures/row.ts';
import { bucketsOf, totalIds, valuesOf } from '../../projectors/figures/row.ts';
import { aDecision, artifactStory, noticed, planned, specChange, taken } from './stories.ts';
import type { Told } from './told.ts';
import { bodiesAfter, inStream } from './told.ts';

const clock = (seconds: number): string =>
  new Date(Date.UTC(2026, 2, 1, 10, 0, seconds)).toISOString();
const seen = (topic: string): DomainEvent => ({
  ...{ type: 'MessageObserved', messageId: 'm', idDerived: false, topic, prefix: '' },
  ...{ format: 'fedmsg', transport: 'amqp', sentAt: null, headers: {} },
  body: { encoding: 'text', text: '{}' },
});
const aside = (code: string): DomainEvent => ({
  ...{ type: 'MessageSetAside', code, explanation: 'Nobody wants it.' },
});
const understood: DomainEvent = { type: 'MessageUnderstood', reading: specChange };

const message = (id: string, topic: string, verdict: DomainEvent, at = 0): ReadonlyArray<Told> =>
  [seen(topic), verdict].map(inStream(`message-${id}`, clock(at)));

const totals = (history: ReadonlyArray<Told>, name: TotalName): ReadonlyArray<unknown> => {
  const row = bodiesAfter(figuresProjector, history)[totalIds[name]] as TotalRow | undefined;
  return Object.entries(row?.counts ?? {}).map(([key, count]) => [...valuesOf(key), count]);
};

const spans = (
  history: ReadonlyArray<Told>,
  name: keyof typeof bucketsOf,
): ReadonlyArray<unknown> => {
  const row = bodiesAfter(figuresProjector, history)[totalIds[name]] as DurationsRow | undefined;
  return Object.entries(row?.spans ?? {}).map(([key, { buckets, sum }]) => {
    const full = buckets.flatMap((count, at) =>
      count === 0 ? [] : [`${count} to ${bucketsOf[name][at] ?? 'any'}`],
    );
    return [...valuesOf(key), ...full, sum];
  });
};

test('each message counts once by topic and verdict, and once more when it is covered', (t) => {
  const history = [
    ...message('a', 'git.receive', understood),
    ...message('b', 'pagure.git.receive', understood),
    ...message('c', 'git.receive', understood),
    ...message('d', 'git.receive', aside('fork')),
    inStream('message-b')(aside('covered')),
  ];
  t.deepEqual(totals(history, 'messages'), [
    ['git.receive', 'understood', '', 'real', 2],
    ['pagure.git.receive', 'understood', '', 'real', 1],
    ['git.receive', 'set-aside', 'fork', 'real', 1],
    ['pagure.git.receive', 'covered', 'covered', 'real', 1],
  ]);
});

test('topics that nobody reads, or that anybody may have written, count as one', (t) => {
  const codes = ['unknown-topic', 'foreign-prefix', 'bad-signature', 'unreadable-message'];
  const history = codes.flatMap((code, at) => message(`m${at}`, `wild.${at}`, aside(code)));
  t.deepEqual(
    totals(history, 'messages'),
    codes.map((code) => ['other', 'set-aside', code, 'real', 1]),
  );
});

test('there is an end to the topics that are told apart', (t) => {
  const ids = Array.from({ length: 80 }, (_, at) => at);
  const history = ids.flatMap((at) => message(`m${at}`, `topic.${at}`, understood));
  const found = totals(history, 'messages');
  t.is(found.length, 65);
  t.deepEqual(found.at(-1), ['other', 'understood', '', 'real', 16]);
});

test('what is remembered of messages does not grow with them', (t) => {
  const ids = Array.from({ length: 12_000 }, (_, at) => at);
  const rows = bodiesAfter(
    figuresProjector,
    ids.flatMap((at) => message(`m${at}`, 'git.receive', understood)),
  );
  t.true(Object.keys(rows).length <= 257);
  t.true(JSON.stringify(rows).length < 1_000_000);
});

test('rehearsals count apart, and no duration is of one', (t) => {
  const history = [
    ...[seen('git.receive'), understood].map(inStream('dry_message-m1')),
    inStream('dry_trigger-t7')(noticed({ messageStream: 'dry_message-m1', rehearsal: true })),
    inStream('dry_trigger-t7')({
      ...{ type: 'DecisionsCompleted', number: 7, policyVersion: 'p' },
      ...{ yes: 1, no: 0, later: 0 },
    }),
    ...[planned(), artifactStory.rehearsed].map(inStream('dry_artifact-module:nodejs:20')),
  ];
  t.deepEqual(totals(history, 'messages'), [['git.receive', 'understood', '', 'rehearsal', 1]]);
  t.deepEqual(totals(history, 'endings'), [['module', 'rehearsed', 'rehearsal', 1]]);
  t.deepEqual(totals(history, 'openBuilds'), [['module', 'planned', 'rehearsal', 0]]);
  t.deepEqual(spans(history, 'messageToDecision'), []);
});

test('every decision counts by verdict and code, taken anew as well', (t) => {
  const no = aDecision({ verdict: 'no', code: 'not-allowed', kind: 'image' });
  const history = [
    { type: 'CandidatesDecided', number: 7, part: 0, decisions: [aDecision(), aDecision(), no] },
    { type: 'CandidateRedecided', number: 7, decision: no },
  ] as const;
  t.deepEqual(totals(history.map(inStream('trigger-t7')), 'decisions'), [
    ['yes', 'holds-package', 'module', 'real', 2],
    ['no', 'not-allowed', 'image', 'real', 2],
  ]);
});

const trigger = inStream('trigger-t7', clock(3));
const artifact = 'artifact-module:nodejs:20';
const decidedAndPlanned: ReadonlyArray<Told> = [
  ...message('m1', 'git.receive', understood),
  inStream('trigger-t7', clock(1))(noticed()),
  trigger({
    ...{ type: 'DecisionsCompleted', number: 7, policyVersion: 'p' },
    ...{ yes: 1, no: 0, later: 0 },
  }),
  ...[planned(), taken(7)].map(inStream(artifact, clock(4))),
  trigger({ type: 'WaveLaunched', number: 7, artifacts: 1 }),
];

test('the time from message to decision is that between their records', (t) => {
  t.deepEqual(spans(decidedAndPlanned, 'messageToDecision'), [['1 to 5', 3000]]);
});

test('the time from decision to request is told once for each claim that a build answers', (t) => {
  const again = { ...artifactStory.submitted, attempt: 2 };
  const history = [
    ...decidedAndPlanned,
    inStream(artifact, clock(63))(artifactStory.submitted),
    inStream(artifact, clock(90))(again),
  ];
  t.deepEqual(spans(history, 'decisionToRequest'), [['module', '1 to 60', 60_000]]);
});

test('a claim that moves to another build takes along when it was decided', (t) => {
  const submitted = { ...artifactStory.submitted, build: 2 };
  const history = [
    ...decidedAndPlanned,
    inStream(artifact, clock(50))(planned(2)),
    inStream(artifact, clock(50))({ type: 'CauseMoved', trigger: 't7', from: 1, build: 2 }),
    inStream(artifact, clock(51))(artifactStory.submitted),
    inStream(artifact, clock(103))(submitted),
  ];
  t.deepEqual(spans(history, 'decisionToRequest'), [['module', '1 to 120', 100_000]]);
});

test('the time from request to finish begins with the first request', (t) => {
  const history = [
    ...decidedAndPlanned,
    inStream(artifact, clock(10))(artifactStory.submitted),
    inStream(artifact, clock(20))({ ...artifactStory.submitted, attempt: 2 }),
    inStream(artifact, clock(400_010))(artifactStory.succeeded),
  ];
  t.deepEqual(spans(history, 'requestToFinish'), [['module', '1 to any', 400_000_000]]);
  t.deepEqual(totals(history, 'endings'), [['module', 'succeeded', 'real', 1]]);
});

test('builds that are open are counted by their state, and rows of those that ended are gone', (t) => {
  const story = (build: number, ...events: ReadonlyArray<DomainEvent>) =>
    events.map((event) => inStream(artifact)({ ...event, build } as DomainEvent));
  const { submitted, failed } = artifactStory;
  const open = [
    ...story(1, planned()),
    ...story(2, planned(), submitted, { ...submitted, attempt: 2 }),
    ...story(3, planned(), submitted, failed),
    ...story(4, planned(), artifactStory.canceled),
  ];
  t.deepEqual(totals(open, 'openBuilds'), [
    ['module', 'planned', 'real', 1],
    ['module', 'building', 'real', 1],
  ]);
  const rows = bodiesAfter(figuresProjector, open);
  t.deepEqual(
    Object.keys(rows).filter((id) => id.startsWith('build/')),
    ['build/1', 'build/2'],
  );
});

test('clocks of two machines that disagree make no negative time', (t) => {
  const history = [
    ...message('m1', 'git.receive', understood, 30),
    ...decidedAndPlanned.slice(2, 4),
  ];
  t.deepEqual(spans(history, 'messageToDecision'), [['1 to 0.5', 0]]);
});
