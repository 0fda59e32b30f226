import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { catchUp } from '../../domain/catch-up/catch-up.ts';
import type { Realm } from '../../domain/stream-names.ts';
import { catchUpStream } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Aim } from '../../ingest/datagrepper/aim.ts';
import type { CatchUpDeps } from '../../ingest/datagrepper/catch-up.ts';
import { catchUpWith } from '../../ingest/datagrepper/catch-up.ts';
import { searchAt } from '../../ingest/datagrepper/search.ts';
import { aLog, eventsOf } from './ingest-world.ts';
import { aSandbox, post } from './sandbox.ts';
import { must } from './service.ts';

export type Sent = { readonly topic: string; readonly id: string; readonly at: string };

/** A message of a topic that no flow reads, sent at a time (ISO). */
export const sent = (id: string, at: string, topic = 'some.thing'): Sent => ({ id, at, topic });

/** Unix milliseconds, in words of the past. */
export const minutesAgo = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString();

/** A sandbox with its datagrepper, and a log of its own. */
export const aCatchUpWorld = async (t: ExecutionContext, given?: EventLog) => {
  const sandbox = await aSandbox(t);
  const log = given ?? (await aLog(t));
  const publish = (...messages: ReadonlyArray<Sent>) =>
    post(sandbox, '/sandbox/messages', {
      messages: messages.map(({ id, topic, at }) => ({ id, topic, headers: { 'sent-at': at } })),
    });
  const depsOf = (owner: string, more: Partial<CatchUpDeps> = {}): CatchUpDeps => ({
    ingest: {
      ...{ log, newId: randomUUID, now: () => new Date().toISOString(), actor: 'test' },
      ...{ codeVersion: '0', transport: 'datagrepper' },
    },
    ...{ realm: 'real', search: searchAt(sandbox.datagrepperUrl), topics: [], owner },
    ...{ cache: new Map(), monotonic: () => performance.now() },
    timing: { lease: 120_000, note: 0, look: 20 },
    ...more,
  });
  const aim = (logBegan: string, overlap = 60_000): Aim => ({
    ...{ why: 'reconcile', began: new Date().toISOString(), logBegan },
    rules: { overlap, longest: 30 * 86_400_000, settle: 0 },
  });
  const never = new AbortController().signal;
  const run = (what: Aim, more: Partial<CatchUpDeps> = {}, signal = never) =>
    catchUpWith(depsOf('a', more))(what, signal);
  const state = async (realm: Realm = 'real') =>
    must(await loadStream(log)(catchUpStream(realm), catchUp)).state;
  const noted = () => eventsOf(log, catchUpStream('real'));
  const typesNoted = async (): Promise<ReadonlyArray<string>> =>
    (await noted()).map(({ type }) => type);
  const recorded = async (id: string): Promise<number> =>
    (await eventsOf(log, `message-${id}`)).filter(({ type }) => type === 'MessageObserved').length;
  return { sandbox, log, publish, depsOf, aim, run, state, noted, typesNoted, recorded };
};
