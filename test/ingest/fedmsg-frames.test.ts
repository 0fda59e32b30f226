import test from 'ava';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { catalogue } from '../../domain/catalogue.ts';
import { messageStream } from '../../domain/stream-names.ts';
import { readFrames } from '../../ingest/fedmsg/read-frames.ts';
import { observe } from '../../ingest/observe.ts';
import { aMessage, anAuthority, atThatTime, signedBy } from '../support/fedmsg-signer.ts';

const anyFrame = fc.oneof(
  fc.uint8Array(),
  fc.json({ stringUnit: 'binary' }).map((text) => Buffer.from(text)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc
    .tuple(fc.dictionary(fc.constantFrom('topic', 'msg', 'msg_id', 'headers'), fc.jsonValue()))
    .map(([members]) => Buffer.from(JSON.stringify({ ...members, certificate: 'x' }))),
);

test('any frames whatever become events of the catalogue, in a stream with a name', (t) => {
  const readers = [{ authority: undefined }, { authority: anAuthority() }];
  fc.assert(
    fc.property(
      fc.array(anyFrame, { maxLength: 4 }),
      fc.constantFrom(...readers),
      (frames, reader) => {
        const { message, judgement } = readFrames(reader, frames, atThatTime);
        const { parts, closing } = observe(message, judgement, 'fedmsg');
        const events = [...parts, ...closing(0)];
        t.true(events.every((event) => E.isRight(catalogue.get(event.type)!.decode(event))));
        t.regex(messageStream('real', message.key), /^message-[!-~]+$/);
        t.deepEqual(readFrames(reader, frames, atThatTime), { message, judgement });
      },
    ),
    { numRuns: 1000 },
  );
});

test('frames that are cut at another place are another message', (t) => {
  const keyOf = (...frames: ReadonlyArray<string>): string =>
    readFrames(
      { authority: undefined },
      frames.map((frame) => Buffer.from(frame)),
      atThatTime,
    ).message.key;
  t.not(keyOf('ab', 'c'), keyOf('a', 'bc'));
  t.not(keyOf('a', 'b', 'c'), keyOf('a', 'bc'));
  t.not(keyOf(), keyOf(''));
});

test('one byte changed anywhere in a signed envelope never makes another genuine message', (t) => {
  const text = signedBy('koji', aMessage('a'));
  const topic = Buffer.from('org.fedoraproject.prod.buildsys.tag');
  const reader = { authority: anAuthority() };
  const genuine = readFrames(reader, [topic, Buffer.from(text)], atThatTime);
  t.is(genuine.message.key, 'a');
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(text);
      changed[at] = changed[at]! ^ flip;
      const { message, judgement } = readFrames(reader, [topic, changed], atThatTime);
      if (message.key.startsWith('rejected:')) return E.isLeft(judgement);
      // base64 and the text of a certificate may be written in several ways: the same message then.
      t.deepEqual(message, genuine.message);
      return true;
    }),
    { numRuns: 1000 },
  );
});

test('bytes that are no text are not signed by whoever signed what they are mistaken for', (t) => {
  const topic = Buffer.from('org.fedoraproject.prod.buildsys.tag');
  const reader = { authority: anAuthority() };
  const text = Buffer.from(signedBy('koji', aMessage('a', { msg: 'a\ufffdb' })));
  t.is(readFrames(reader, [topic, text], atThatTime).message.key, 'a');
  const at = text.indexOf(Buffer.from('\ufffd'));
  const bytes = Buffer.concat([text.subarray(0, at), Buffer.from([0xff]), text.subarray(at + 3)]);
  t.is(bytes.toString(), text.toString());
  const { message, judgement } = readFrames(reader, [topic, bytes], atThatTime);
  t.regex(message.key, /^rejected:/);
  t.is(E.isLeft(judgement) && judgement.left.code, 'bad-signature');
  t.is(message.bodyText, bytes.toString('base64'));
});
