import * as E from 'fp-ts/lib/Either.js';
import { bindingOf } from '../../ingest/amqp/binding.ts';
import { brokerOf } from '../../ingest/amqp/broker.ts';
import type { Parse } from './parse.ts';
import { list } from './parse.ts';

/** The address of a broker, as text. */
export const amqpUrl: Parse<string> = (value) => {
  if (typeof value !== 'string') return E.left('text');
  const broker = brokerOf(value, {});
  return E.isLeft(broker) ? broker : E.right(value);
};

/** What a queue is bound to, each as `exchange:pattern`. */
export const bindings: Parse<ReadonlyArray<string>> = (value) => {
  const read = list(value);
  if (E.isLeft(read)) return read;
  const fault = read.right.map(bindingOf).find(E.isLeft);
  return fault === undefined ? read : E.left(`a list of ${fault.left}`);
};
