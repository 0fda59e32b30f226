import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { ExecutionContext } from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DomainEvent } from '../../domain/catalogue.ts';
import type { MessageEvent } from '../../domain/message/events.ts';
import type { Realm } from '../../domain/stream-names.ts';
import { messageStream, triggerNumbers } from '../../domain/stream-names.ts';
import type { FoldCache } from '../../event-log/carry-out.ts';
import { appendEvents, decodeRecorded } from '../../event-log/carry-out.ts';
import { appendMessage } from '../../ingest/append-message.ts';
import { adoptFirstPolicy } from '../../main/first-policy.ts';
import { claimFrom } from '../../sagas/claim-number.ts';
import { currentPolicyOf } from '../../sagas/current-policy.ts';
import type { NoticeDeps } from '../../sagas/notice/deps.ts';
import { noticeMessage } from '../../sagas/notice/notice-message.ts';
import { noticeTriggerWith } from '../../sagas/notice/notice-trigger.ts';
import { submitted } from '../domain/artifact/an-artifact.ts';
import { calling } from '../domain/artifact/an-image.ts';
import { aHandOn } from '../support/a-hand.ts';
import { fixture } from '../support/bus-fixtures.ts';
import { aLog, eventsOf } from '../support/ingest-world.ts';
import { must } from '../support/service.ts';

const policyFile = fileURLToPath(new URL('../fixtures/policies/quick.yaml', import.meta.url));

type Observed = Extract<MessageEvent, { readonly type: 'MessageObserved' }>;

/** A log with a policy, and messages noticed as the service does it. */
const aWorld = async (t: ExecutionContext, composes: Readonly<Record<number, string>> = {}) => {
  const log = await aLog(t);
  const hand = aHandOn(log);
  must(await adoptFirstPolicy(hand, policyFile));
  const cache: FoldCache = new Map();
  const deps: NoticeDeps = {
    ...{ hand, cache, policy: currentPolicyOf(log) },
    noticeTrigger: noticeTriggerWith(hand, cache, claimFrom(hand, triggerNumbers)),
    findCompose: (id) => TE.right(composes[id]),
  };
  const notice = async (name: string, realm: Realm = 'real'): Promise<void> => {
    const message = fixture(name);
    must(await appendMessage({ ...hand, transport: 'test' })(message, realm)());
    const [first, recorded] = await eventsOf(log, messageStream(realm, message.key));
    if (first === undefined || recorded === undefined) throw new Error(`${name} is not on record`);
    const observed = must(decodeRecorded(first)) as Observed;
    const event = must(decodeRecorded(recorded));
    if (event.type !== 'MessageUnderstood') throw new Error(`${name} was set aside`);
    const { recordedAt: observedAt } = recorded.metadata;
    must(await noticeMessage(deps, { recorded, observed, observedAt }, event.reading));
  };
  const typesIn = async (stream: string): Promise<ReadonlyArray<string>> =>
    (await eventsOf(log, stream)).map(({ type }) => type);
  const streams = async (): Promise<ReadonlyArray<string>> => {
    const page = must(await log.readAll('', {}, 1000)());
    const others = page.events.filter(
      ({ stream }) => !/^(dry_)?(message|number|policy)/.test(stream),
    );
    return [...new Set(others.map(({ stream }) => stream))];
  };
  const tell = async (stream: string, ...events: ReadonlyArray<DomainEvent>): Promise<void> => {
    must(await appendEvents(hand)(stream, undefined, { correlationId: 'test' }, events));
  };
  return { notice, typesIn, streams, tell };
};

test('a build that is complete is heard of once, however often it is told', async (t) => {
  const { notice, typesIn } = await aWorld(t);
  await notice('buildsys.build.state.change/complete');
  await notice('buildsys.build.state.change/container');
  t.deepEqual(await typesIn('image-oak-1-1.fc28'), ['ImageBuildHeard']);
});

test('what a rehearsal is told of the world is not heard, its triggers are', async (t) => {
  const { notice, streams } = await aWorld(t);
  for (const name of [
    ...['buildsys.build.state.change/complete', 'buildsys.rpm.sign/new-form'],
    ...['odcs.compose.state-changed/done', 'buildsys.task.state.change/container-failed'],
  ]) {
    await notice(name, 'rehearsal');
  }
  t.deepEqual(await streams(), []);
  await notice('bodhi.update.complete.stable/new-form', 'rehearsal');
  t.deepEqual(await streams(), ['dry_trigger-bodhi:FEDORA-2018-aa']);
});

test('a signature is heard in the stream of its build', async (t) => {
  const { notice, typesIn } = await aWorld(t);
  await notice('buildsys.rpm.sign/new-form');
  await notice('buildsys.rpm.sign/new-form');
  await notice('buildsys.rpm.sign/old-form');
  t.deepEqual(await typesIn('signing-5'), ['SignatureHeard', 'SignatureHeard']);
});

test('an update, and a build that is signed, are triggers, each once', async (t) => {
  const { notice, streams, typesIn } = await aWorld(t);
  for (const name of ['new-form', 'new-form']) await notice(`bodhi.update.complete.stable/${name}`);
  for (const name of ['tagged', 'old-form', 'into-rawhide']) await notice(`buildsys.tag/${name}`);
  t.deepEqual(await streams(), [
    'trigger-bodhi:FEDORA-2018-aa',
    'trigger-signed:oak-1-1.fc28',
    'trigger-tag:f43@oak-3-2.fc43',
  ]);
  t.deepEqual(await typesIn('trigger-signed:oak-1-1.fc28'), ['TriggerNoticed']);
});

test('a push of a Dockerfile is heard in the branch it went to, from either publisher', async (t) => {
  const { notice, typesIn } = await aWorld(t);
  await notice('git.receive/dockerfile');
  t.deepEqual(await typesIn('branch-container/tree-image@f28'), ['PushHeard']);
  await notice('pagure.git.receive/container');
  t.deepEqual(await typesIn('branch-container/tree-image@rawhide'), ['PushHeard']);
});

test('the state of a compose of ours is observed, that of another is nothing', async (t) => {
  const { notice, streams, tell, typesIn } = await aWorld(t, { 3: 'compose-signed:oak-1-1' });
  await tell(
    'compose-signed:oak-1-1',
    {
      ...{ type: 'ComposeWanted', trigger: 'signed:oak-1-1', number: 1, messageId: 'm' },
      ...{ at: '2026-03-01T10:00:00.000Z' },
      order: { builds: ['oak-1-1'], packages: [], sigkeys: [], arches: [], secondsToLive: 86400 },
    },
    {
      ...{ type: 'ComposeIntended', attempt: 1, renews: null, newestId: 2, owner: 'me' },
      callTimeout: 1000,
    },
    {
      ...{ type: 'ComposeSubmitted', attempt: 1, composeId: 3, found: false, repofile: null },
      at: '2026-03-01T10:00:01.000Z',
    },
  );
  await notice('odcs.compose.state-changed/done');
  await notice('odcs.compose.state-changed/done');
  const observed = (await typesIn('compose-signed:oak-1-1')).slice(3);
  t.deepEqual(observed, ['ComposeStateObserved']);
  const stranger = await aWorld(t);
  await stranger.notice('odcs.compose.state-changed/done');
  t.deepEqual(await stranger.streams(), []);
  t.deepEqual(await streams(), ['compose-signed:oak-1-1']);
});

test('a task of ours that is closed is observed, one that failed is left to be asked for its reason', async (t) => {
  const { notice, typesIn, tell } = await aWorld(t);
  const stream = 'artifact-image:tree-image:f28';
  await tell(stream, ...calling, submitted([9]));
  const before = await typesIn(stream);
  await notice('buildsys.task.state.change/container-failed');
  t.deepEqual(await typesIn(stream), before);
  await notice('buildsys.task.state.change/container-closed');
  await notice('buildsys.task.state.change/container-closed');
  t.deepEqual(await typesIn(stream), [...before, 'BuildStateObserved']);
});

test('a container task of somebody else concerns nobody', async (t) => {
  const { notice, streams } = await aWorld(t);
  await notice('buildsys.task.state.change/container-failed');
  await notice('buildsys.task.state.change/over-umb');
  t.deepEqual(await streams(), []);
});
