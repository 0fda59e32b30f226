import test from 'ava';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Koji } from '../../clients/koji/port.ts';
import { signing } from '../../domain/signing/signing.ts';
import { signingStream, triggerNumbers } from '../../domain/stream-names.ts';
import type { FoldCache } from '../../event-log/carry-out.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { claimFrom } from '../../sagas/claim-number.ts';
import { noticeTriggerWith } from '../../sagas/notice/notice-trigger.ts';
import { carrySigning } from '../../sagas/signing/carry-signing.ts';
import { aHandOn } from '../support/a-hand.ts';
import { aKoji, kojiOf } from '../support/a-koji.ts';
import { aLog, eventsOf } from '../support/ingest-world.ts';
import { advance, shipUpdate } from '../support/sandbox-images.ts';
import { must } from '../support/service.ts';

const lines = ['image httpd:f28 holds bash'];

/** Closed to this type of event until `open`. */
const closedTo = (log: EventLog, type: string) => {
  let isClosed = true;
  const append: EventLog['append'] = (stream, expected, events) =>
    isClosed && events.some((event) => event.type === type)
      ? TE.left({ code: 'closed', reason: 'the process has died' })
      : log.append(stream, expected, events);
  return { log: { ...log, append }, open: () => void (isClosed = false) };
};

const aSaga = async (t: ExecutionContext, koji: Koji, logBefore?: EventLog) => {
  const log = logBefore ?? (await aLog(t));
  let clock = '2026-03-01T10:00:10.000Z';
  const hand = aHandOn(log, () => clock);
  const cache: FoldCache = new Map();
  const noticeTrigger = noticeTriggerWith(hand, cache, claimFrom(hand, triggerNumbers));
  const act = carrySigning({ hand, cache, koji, noticeTrigger });
  const hear = async (buildId: number, messageId: string): Promise<string> => {
    const stream = signingStream(buildId);
    const notBefore = '2026-03-01T10:00:12.000Z';
    const message = { messageId, messageStream: `message-${messageId}`, sentAt: clock };
    const command = { type: 'Hear', buildId, ...message, notBefore } as const;
    must(await carryOut(hand)(stream, signing, { correlationId: messageId }, command));
    return stream;
  };
  const later = (): void => void (clock = '2026-03-01T10:00:13.000Z');
  const types = async (stream: string) => (await eventsOf(log, stream)).map(({ type }) => type);
  return { act, hear, later, types, log };
};

/** An update of bash in this Koji, built and perhaps signed. */
const anUpdate = async (t: ExecutionContext, stage: 'built' | 'signed') => {
  const { sandbox, koji } = await aKoji(t, ...lines);
  const update = await shipUpdate(sandbox, { package: 'bash', release: 'f28', stage: 'built' });
  if (stage === 'signed') await advance(sandbox, update, 'signed');
  return { sandbox, koji, update, build: must(await koji.build(update.builds[0] ?? '')()) };
};

test('a build whose RPMs are all signed is one trigger, however many signatures are told', async (t) => {
  const { koji, build } = await anUpdate(t, 'signed');
  const { act, hear, later, types, log } = await aSaga(t, koji);
  const stream = await hear(build.id, 'm1');
  t.deepEqual(await act(stream), E.right({ after: 2000 }));
  later();
  t.true(E.isRight(await act(stream)));
  await hear(build.id, 'm2');
  t.deepEqual(await act(stream), E.right({ after: null }));
  t.deepEqual(await types(stream), ['SignatureHeard', 'SignaturesChecked']);
  const trigger = `trigger-signed:${build.nvr}`;
  const [noticed, ...more] = await eventsOf(log, trigger);
  t.deepEqual(more, []);
  t.like(noticed?.data['reading'], { via: 'signatures', branch: 'f28', nvr: build.nvr });
});

test('a build with an unsigned RPM is no trigger, and is asked about after the next signature', async (t) => {
  const { koji, build, sandbox, update } = await anUpdate(t, 'built');
  const { act, hear, later, types } = await aSaga(t, koji);
  const stream = await hear(build.id, 'm1');
  later();
  t.true(E.isRight(await act(stream)));
  t.deepEqual(await types(stream), ['SignatureHeard', 'SignaturesChecked']);
  t.deepEqual(await types(`trigger-signed:${build.nvr}`), []);
  t.deepEqual(await act(stream), E.right({ after: null }));
  await advance(sandbox, update, 'signed');
  await hear(build.id, 'm2');
  t.true(E.isRight(await act(stream)));
  t.deepEqual(await types(`trigger-signed:${build.nvr}`), ['TriggerNoticed']);
});

test('a build that Koji does not know is checked, with the reason', async (t) => {
  const { koji } = await anUpdate(t, 'built');
  const { act, hear, later, log } = await aSaga(t, koji);
  const stream = await hear(999_999, 'm1');
  later();
  t.true(E.isRight(await act(stream)));
  const checked = (await eventsOf(log, stream)).at(-1);
  t.like(checked, { type: 'SignaturesChecked', data: { allSigned: false, nvr: null } });
  t.truthy(checked?.data['reason']);
});

test('while Koji is away nothing is concluded', async (t) => {
  const { act, hear, later, types } = await aSaga(
    t,
    kojiOf({ kojiUrl: 'http://127.0.0.1:9/kojihub' }),
  );
  const stream = await hear(5, 'm1');
  later();
  t.true(E.isLeft(await act(stream)));
  t.deepEqual(await types(stream), ['SignatureHeard']);
});

test('one who dies before the check is on record is followed by one trigger all the same', async (t) => {
  const { koji, build } = await anUpdate(t, 'signed');
  const { log, open } = closedTo(await aLog(t), 'SignaturesChecked');
  const { act, hear, later, types } = await aSaga(t, koji, log);
  const stream = await hear(build.id, 'm1');
  later();
  t.true(E.isLeft(await act(stream)));
  t.deepEqual(await types(stream), ['SignatureHeard']);
  open();
  t.true(E.isRight(await act(stream)));
  t.deepEqual(await types(`trigger-signed:${build.nvr}`), ['TriggerNoticed']);
  t.deepEqual(await types(stream), ['SignatureHeard', 'SignaturesChecked']);
});
