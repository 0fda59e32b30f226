import { createHash } from 'node:crypto';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { artifactStream, messageStream, triggerStream } from '../../domain/stream-names.ts';
import type { Head } from '../../event-log/seal.ts';
import { seal } from '../../event-log/seal.ts';
import type { NewEvent, SealedEvent } from '../../event-log/event-log.ts';

/** Events of one append: what follows `revision` in its stream. */
export type Chunk = { readonly stream: string; readonly events: ReadonlyArray<SealedEvent> };

const at = (seconds: number): string => new Date(1_790_000_000_000 + seconds * 1000).toISOString();
const hex = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);
const uuid = (text: string): string =>
  hex(text, 32).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

/** Sealed events of a stream that begins with them. */
export const chunkOf = (stream: string, events: ReadonlyArray<DomainEvent>): Chunk => ({
  stream,
  events: sealedAfter(stream, undefined, events),
});

/** Sealed events that go on after a head. */
export const sealedAfter = (
  stream: string,
  head: Head | undefined,
  events: ReadonlyArray<DomainEvent>,
): ReadonlyArray<SealedEvent> => {
  const first = head === undefined ? 0 : head.revision + 1;
  const news = events.map(({ type, ...data }, index): NewEvent => {
    const id = uuid(`${stream}/${first + index}`);
    const metadata = { correlationId: id, actor: 'bench', recordedAt: at(first + index) };
    return {
      ...{ id, type, data },
      metadata: { ...metadata, schema: 1, codeVersion: '0.1.0' },
    };
  });
  return seal(stream, head, news);
};

const push = (index: number) => {
  const [repo, rev] = [`package-${index % 300}`, hex(`rev ${index}`, 40)];
  const searchKey = `${repo}/f40?#${rev}`;
  const where = { id: `git:rpms/${repo}@f40@${rev}`, searchKey, repo, branch: 'f40', rev };
  return { ...where, oldRev: null, publisher: 'git.receive', filesKnown: true } as const;
};

const reading = (index: number) => ({ kind: 'GitRPMSpecChangeEvent', ...push(index) }) as const;

/** A git.receive message of ordinary size, and what it means. */
export const aMessage = (index: number): Chunk => {
  const messageId = uuid(`message ${index}`);
  const { repo, rev } = push(index);
  const commit = {
    ...{ name: 'A Packager', email: 'packager@example.org', username: 'packager', repo, rev },
    ...{ namespace: 'rpms', branch: 'f40', summary: `Update to 1.${index}`, seen: false },
    message: `Update to 1.${index}\n\nResolves: rhbz#${1_000_000 + index}\n`,
    stats: { files: { [`${repo}.spec`]: { additions: 3, deletions: 2, lines: 5 } }, total: {} },
  };
  const text = JSON.stringify({ commit });
  const body = { encoding: 'text', text } as const;
  return chunkOf(messageStream('real', messageId), [
    {
      ...{ type: 'MessageObserved', messageId, idDerived: false, topic: 'git.receive', body },
      ...{ prefix: 'org.fedoraproject.prod', format: 'fedora-messaging', transport: 'amqp' },
      ...{ sentAt: at(index), headers: { 'sent-at': at(index) } },
    },
    { type: 'MessageUnderstood', reading: reading(index) },
  ]);
};

const artifactOf = (index: number): string => `module:module-${index}:f40`;

/** A trigger from notice to conclusion. */
export const aTrigger = (index: number): Chunk => {
  const number = index + 1;
  const { id } = push(index);
  const messageId = uuid(`message ${index}`);
  const messageStreamName = messageStream('real', messageId);
  const counts = { succeeded: 1, failed: 0, blocked: 0, withdrawn: 0, rehearsed: 0 };
  return chunkOf(triggerStream('real', id), [
    {
      ...{ type: 'TriggerNoticed', number, trigger: id, rehearsal: false, messageId },
      ...{ messageStream: messageStreamName, sentAt: at(index), reading: reading(index) },
    },
    { type: 'WaveLaunched', number, artifacts: 1 },
    {
      ...{ type: 'TriggerConcluded', number, outcome: 'succeeded', code: 'succeeded', counts },
      reason: '1 build succeeded.',
    },
  ]);
};

/** One build of one artifact from plan to success, as a stream of its own. */
export const aBuild = (index: number, event: number): Chunk => {
  const [build, attempt] = [index + 1, 1];
  const { id: trigger, searchKey } = push(event);
  const cause: Extract<DomainEvent, { readonly type: 'CauseTaken' }>['cause'] = {
    ...{ trigger, number: event + 1, kind: 'GitRPMSpecChangeEvent', searchKey, code: 'allowed' },
    ...{ messageId: uuid(`message ${event}`), because: `package-${event % 300} changed` },
    reason: 'directly_affected',
  };
  const [artifact, commit] = [artifactOf(index), hex(`commit ${index}`, 40)];
  const observed = (state: number, stateName: string): DomainEvent => ({
    ...{ type: 'BuildStateObserved', build, attempt, externalId: 1000 + index, state },
    ...{ stateName, stateReason: null, via: 'message' },
  });
  return chunkOf(artifactStream('real', artifact), [
    {
      ...{ type: 'BuildPlanned', build, artifact, name: `module-${index}`, branch: 'f40' },
      ...{ rehearsal: false, at: at(index), notBefore: at(index + 60) },
    },
    { type: 'CauseTaken', build, cause, waitsFor: [], at: at(index) },
    {
      ...{ type: 'BuildStarted', build, triggers: [trigger], policyVersion: 'abcdef012345' },
      ...{ afterTrigger: event + 1, at: at(index + 60) },
    },
    { type: 'CommitPrepared', build, attempt, commit, bumped: true },
    {
      ...{ type: 'SubmissionIntended', build, attempt, key: `build-${build}.1` },
      ...{ owner: 'bench', callTimeout: 180_000 },
    },
    {
      ...{ type: 'BuildSubmitted', build, attempt, externalIds: [1000 + index] },
      ...{ found: false, at: at(index + 61) },
    },
    observed(1, 'wait'),
    observed(2, 'build'),
    observed(5, 'ready'),
    { type: 'BuildSucceeded', build, at: at(index + 600) },
  ]);
};

/** `size` triggers, each with its message and two builds. */
export const aHistory = (size: number): ReadonlyArray<Chunk> =>
  Array.from({ length: size }, (_, index) => [
    aMessage(index),
    aTrigger(index),
    aBuild(2 * index, index),
    aBuild(2 * index + 1, index),
  ]).flat();
