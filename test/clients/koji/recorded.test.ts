import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { ofFault } from '../../../clients/koji/failure.ts';
import { decodeAnswer, decodeCall } from '../../../clients/koji/xml-rpc/decode.ts';
import { encodeCall, encodeValue } from '../../../clients/koji/xml-rpc/encode.ts';
import { exchangesIn, type Exchange } from './exchanges.ts';

const folder = process.env['FRESHMAKER_SAMPLES'] ?? '../shared/samples';
const samples = exchangesIn(folder, /^koji-xmlrpc-.*\.txt$/);
const own = exchangesIn('test/fixtures/koji', /\.txt$/);
const reason =
  samples.length > 0
    ? ''
    : ` (skipped: ${folder} holds no koji-xmlrpc-*.txt; FRESHMAKER_SAMPLES names the folder of samples)`;
const recorded = samples.length > 0 ? test : test.skip;

const right = <A>(outcome: E.Either<string, A>, name: string): A => {
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(`${name}: ${outcome.left}`);
};

type Check = (exchange: Exchange) => readonly [unknown, unknown];

/** The call, and what our own words for it are understood as. */
const call: Check = ({ name, call: xml }) => {
  const { method, params } = right(decodeCall(xml), name);
  return [right(E.chain(decodeCall)(encodeCall(method, params)), name), { method, params }];
};

/** The answer, and what our own words for its value are understood as. */
const answer: Check = ({ name, answer: xml }) => {
  const heard = right(decodeAnswer(xml), name);
  if (heard.type === 'fault')
    return [
      [typeof heard.code, heard.text === ''],
      ['number', false],
    ];
  const param = `<params><param>${encodeValue(heard.value)}</param></params>`;
  return [decodeAnswer(`<methodResponse>${param}</methodResponse>`), E.right(heard)];
};

test('an exchange in the form of Koji’s own is read whole, and said again with equal meaning', (t) => {
  t.true(own.length > 0);
  for (const exchange of own) for (const check of [call, answer]) t.deepEqual(...check(exchange));
});

recorded(`every recorded call is read, and said again with equal meaning${reason}`, (t) => {
  for (const exchange of samples) t.deepEqual(...call(exchange), exchange.name);
});

recorded(`every recorded answer is read, and said again with equal meaning${reason}`, (t) => {
  for (const exchange of samples) t.deepEqual(...answer(exchange), exchange.name);
});

recorded(`every recorded fault means what the protocol says of its code${reason}`, (t) => {
  const meanings: Readonly<Record<string, string>> = {
    'koji-xmlrpc-getBuild-strict-fault.txt': 'koji-missing',
    'koji-xmlrpc-old-callnum-fault.txt': 'koji-unavailable',
    'koji-xmlrpc-replayed-callnum-fault.txt': 'koji-unknown-outcome',
  };
  let faults = 0;
  for (const { name, answer: xml } of samples) {
    const heard = right(decodeAnswer(xml), name);
    if (heard.type === 'value') continue;
    faults += 1;
    const failure = ofFault('a call', heard);
    t.is(failure.code, (meanings[name] ?? 'koji-refused') as typeof failure.code, name);
    t.true(failure.reason.includes(heard.text), name);
  }
  t.true(faults > 0);
});
