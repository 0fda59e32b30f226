import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { loadConfig } from '../../main/config/load-config.ts';
import type { Config } from '../../main/config/settings.ts';
import { liveTransports } from '../../main/hearing.ts';

const configOf = (environment: NodeJS.ProcessEnv): Config => {
  const config = loadConfig(environment, {});
  if (E.isLeft(config)) throw new Error(config.left.join('\n'));
  return config.right;
};

const lists = {
  amqpBindings: 'FRESHMAKER_AMQP_BINDINGS',
  fedmsgEndpoints: 'FRESHMAKER_FEDMSG_ENDPOINTS',
  fedmsgTopics: 'FRESHMAKER_FEDMSG_TOPICS',
  catchUpTopics: 'FRESHMAKER_CATCH_UP_TOPICS',
} as const;
const named = Object.entries(lists) as ReadonlyArray<readonly [keyof typeof lists, string]>;

test('a list that is set to nothing is empty', (t) => {
  t.is(named.length, 4);
  for (const [name, variable] of named) {
    for (const nothing of ['', ' ', ',', ' , ']) {
      t.deepEqual(configOf({ [variable]: nothing })[name], [], `${variable}="${nothing}"`);
    }
  }
});

test('what is empty between commas is no member of a list', (t) => {
  t.is(named.length, 4);
  for (const [name, variable] of named) {
    t.deepEqual(configOf({ [variable]: 'a:b, ,c:d,' })[name], ['a:b', 'c:d'], variable);
  }
});

test('a list of fedmsg endpoints that is set to nothing names no live source', (t) => {
  t.deepEqual(liveTransports(configOf({ FRESHMAKER_FEDMSG_ENDPOINTS: '' })), []);
});

test('of topic prefixes the empty one counts: topics without any', (t) => {
  const prefixes = (value: string) => configOf({ FRESHMAKER_TOPIC_PREFIXES: value }).topicPrefixes;
  t.deepEqual(prefixes('org.fedoraproject.stg,'), ['org.fedoraproject.stg', '']);
  t.deepEqual(prefixes(''), ['']);
  t.true(configOf({}).topicPrefixes.includes(''));
});
