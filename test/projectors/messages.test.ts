import test from 'ava';
import type { MessageEvent } from '../../domain/message/events.ts';
import { messagesProjector } from '../../projectors/messages/project.ts';
import { sourcesProjector } from '../../projectors/sources/project.ts';
import { specChange } from './stories.ts';
import { bodiesAfter, inStream } from './told.ts';

const observed = (messageId: string, transport = 'amqp'): MessageEvent => ({
  ...{ type: 'MessageObserved', messageId, idDerived: false, topic: 'git.receive' },
  ...{ prefix: 'org.fedoraproject.prod', format: 'fedmsg', transport },
  ...{ sentAt: '2026-03-01T10:00:00.000Z', headers: {}, body: { encoding: 'text', text: '{}' } },
});
const setAside: MessageEvent = {
  ...{ type: 'MessageSetAside', code: 'fork', explanation: 'It is a fork.' },
};
const understood: MessageEvent = { type: 'MessageUnderstood', reading: specChange };
const part: MessageEvent = { type: 'MessageBodyPart', index: 0, text: '{}' };
const here = inStream('message-m1');

test('a message that was understood tells its trigger', (t) => {
  const rows = bodiesAfter(messagesProjector, [part, observed('2026-m1'), understood].map(here));
  t.deepEqual(rows, {
    'message-m1': {
      ...{ messageId: '2026-m1', topic: 'git.receive', prefix: 'org.fedoraproject.prod' },
      ...{ transport: 'amqp', sentAt: '2026-03-01T10:00:00.000Z' },
      ...{ observedAt: '2026-03-01T10:20:30.456Z', verdict: 'understood', code: null },
      ...{ explanation: null, trigger: specChange.id, kind: specChange.kind },
      ...{ searchKey: specChange.searchKey, rehearsal: false },
    },
  });
});

test('a message that was set aside tells its code', (t) => {
  const rows = bodiesAfter(messagesProjector, [observed('m1'), setAside].map(here));
  const told = { verdict: 'set-aside', code: 'fork', explanation: 'It is a fork.', trigger: null };
  t.like(rows['message-m1'], told);
});

test('a rehearsed message has a row of its own', (t) => {
  const rows = bodiesAfter(messagesProjector, [
    here(observed('m1')),
    inStream('dry_message-m1')(observed('m1')),
  ]);
  t.like(rows['message-m1'], { rehearsal: false });
  t.like(rows['dry_message-m1'], { rehearsal: true });
});

test('a push that its twin has covered is set aside after the fact', (t) => {
  const push = inStream('branch-rpms/npm@20');
  const rows = bodiesAfter(messagesProjector, [
    ...[observed('2026-m1'), understood].map(here),
    push({ type: 'PushUsed', messageId: 'm2', trigger: 't' }),
    push({ type: 'PushCovered', messageId: '2026-m1', by: 'm2' }),
  ]);
  t.like(rows['message-m1'], { verdict: 'set-aside', code: 'covered', trigger: null });
});

test('a source tells its newest message and how many it has brought', (t) => {
  const late = inStream('message-m3', '2026-03-02T00:00:00.000Z');
  const rows = bodiesAfter(sourcesProjector, [
    ...[observed('m1'), setAside].map(here),
    inStream('message-m2')(observed('m2', 'file')),
    late(observed('m3')),
  ]);
  t.deepEqual(rows, {
    amqp: {
      ...{ transport: 'amqp', lastMessageId: 'm3', lastTopic: 'git.receive', messages: 2 },
      lastObservedAt: '2026-03-02T00:00:00.000Z',
    },
    file: {
      ...{ transport: 'file', lastMessageId: 'm2', lastTopic: 'git.receive', messages: 1 },
      lastObservedAt: '2026-03-01T10:20:30.456Z',
    },
  });
});
