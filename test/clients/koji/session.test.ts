import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { kerberosNegotiate } from '../../../clients/koji/negotiate.ts';
import { aHub, fault, left, loggingIn, methods, order, right, session, value } from './a-hub.ts';
import type { Answering } from './a-hub.ts';

test('calls of one session go one at a time, with strictly rising numbers', async (t) => {
  const open = { now: 0, most: 0 };
  const hub = await aHub(
    t,
    loggingIn((_, response) => {
      open.now += 1;
      open.most = Math.max(open.most, open.now);
      setImmediate(() => {
        open.now -= 1;
        value(response, 503);
      });
    }),
  );
  const koji = hub.koji();
  await Promise.all([1, 2, 3, 4].map(() => right(koji.buildContainer(order))));
  t.is(open.most, 1);
  t.deepEqual(methods(hub), ['sslLogin', ...Array<string>(4).fill('buildContainer')]);
  const numbers = hub.asked.slice(1).map(({ headers }) => headers['koji-session-callnum']);
  t.deepEqual(numbers, ['1', '2', '3', '4']);
});

test('reading needs no session', async (t) => {
  const hub = await aHub(t, (_, response) => value(response, [{ name: 'f40' }]));
  t.deepEqual(await right(hub.koji().tagsOf('oven-1-1')), ['f40']);
  t.deepEqual(methods(hub), ['listTags']);
  t.is(hub.asked[0]?.headers['koji-session-id'], undefined);
});

test('a hub from before header authentication is given the session in the address', async (t) => {
  const hub = await aHub(t, ({ method }, response) =>
    value(response, method === 'sslLogin' ? { 'session-id': 9, 'session-key': 'a+b&c' } : 503),
  );
  await right(hub.koji().buildContainer(order));
  t.deepEqual(hub.asked[1]?.query, { 'session-id': '9', 'session-key': 'a+b&c', callnum: '1' });
  t.is(hub.asked[1]?.headers['koji-session-id'], undefined);
});

const refusing = (code: number, times: number): { readonly answering: Answering } => {
  const left = { times };
  return {
    answering: ({ method }, response) => {
      if (method === 'sslLogin') return value(response, session);
      left.times -= 1;
      return left.times >= 0 ? fault(response, code) : value(response, 503);
    },
  };
};

for (const code of [1002, 1007, 1008]) {
  test(`a session refused with ${code} is replaced, and the call sent once more`, async (t) => {
    const hub = await aHub(t, refusing(code, 1).answering);
    t.is(await right(hub.koji().buildContainer(order)), 503);
    t.deepEqual(methods(hub), ['sslLogin', 'buildContainer', 'sslLogin', 'buildContainer']);
    t.is(hub.asked[3]?.headers['koji-session-callnum'], '1');
  });

  test(`a hub that keeps refusing sessions with ${code} is asked twice, not for ever`, async (t) => {
    const hub = await aHub(t, refusing(code, 99).answering);
    const failure = await left(hub.koji().buildContainer(order));
    t.is(failure.code, code === 1002 ? 'koji-refused' : 'koji-unavailable');
    t.is(methods(hub).filter((method) => method === 'buildContainer').length, 2);
  });
}

for (const [code, expected] of [
  [1000, 'koji-refused'],
  [1001, 'koji-refused'],
  [1004, 'koji-refused'],
  [1005, 'koji-refused'],
  [1006, 'koji-unavailable'],
  [1009, 'koji-unknown-outcome'],
  [1014, 'koji-unavailable'],
  [1019, 'koji-refused'],
  [1, 'koji-refused'],
] as const) {
  test(`fault ${code} of an order is ${expected}, told once and in the hub's words`, async (t) => {
    const hub = await aHub(
      t,
      loggingIn((_, response) => fault(response, code, 'the oven is cold')),
    );
    const failure = await left(hub.koji().buildContainer(order));
    t.is(failure.code, expected);
    t.regex(failure.reason, new RegExp(`${code}.*the oven is cold`));
    if (failure.code === 'koji-refused') t.is(failure.fault, code);
    t.deepEqual(methods(hub), ['sslLogin', 'buildContainer']);
  });
}

test('a login that is refused says so, and nothing is ordered', async (t) => {
  const hub = await aHub(t, (_, response) =>
    fault(response, 1002, 'could not verify client: None'),
  );
  const failure = await left(hub.koji().buildContainer(order));
  t.is(failure.code, 'koji-refused');
  t.regex(failure.reason, /could not verify client: None.*certificate or GSSAPI/);
  t.deepEqual(methods(hub), ['sslLogin']);
});

test('a login that answers something else is not taken for a session', async (t) => {
  const hub = await aHub(t, (_, response) => value(response, { 'session-id': 9 }));
  t.is((await left(hub.koji().buildContainer(order))).code, 'koji-unreadable');
  t.deepEqual(methods(hub), ['sslLogin']);
});

test('GSSAPI gives the login a token for the host of the hub, and only the login', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => value(response, 503)),
  );
  const hosts: Array<string> = [];
  const negotiate = (host: string) => {
    hosts.push(host);
    return Promise.resolve(E.right('dG9rZW4='));
  };
  await right(hub.koji({ negotiate }).buildContainer(order));
  t.deepEqual(hosts, ['127.0.0.1']);
  t.is(hub.asked[0]?.headers.authorization, 'Negotiate dG9rZW4=');
  t.is(hub.asked[1]?.headers.authorization, undefined);
});

test('without a Kerberos token nothing is sent', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => value(response, 503)),
  );
  const negotiate = () => Promise.resolve(E.left('the ticket has expired'));
  const failure = await left(hub.koji({ negotiate }).buildContainer(order));
  t.is(failure.code, 'koji-unavailable');
  t.regex(failure.reason, /ticket has expired/);
  t.is(hub.asked.length, 0);
});

test('a Kerberos server that is silent holds nobody up past the time of the call', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => value(response, 503)),
  );
  const negotiate = () => new Promise<never>(() => undefined);
  const failure = await left(hub.koji({ negotiate, callTimeout: 50 }).buildContainer(order));
  t.is(failure.code, 'koji-unavailable');
});

test('a machine without the module for GSSAPI is told what to install', async (t) => {
  const token = await kerberosNegotiate('no-such-module-of-kerberos')('hub.example.org');
  t.true(E.isLeft(token) && token.left.includes('npm install kerberos'));
});

const moduleOf = (step: string): string =>
  `data:text/javascript,export const initializeClient = async (service, options) => {
    const client = { response: null, step: async () => { ${step} } };
    return client;
  };`.replace(/\n\s*/g, ' ');

test('a token of GSSAPI is made by SPNEGO for the HTTP service of the host', async (t) => {
  const telling = moduleOf('client.response = `${service} ${options.mechOID}`;');
  const token = await kerberosNegotiate(telling)('hub.example.org');
  t.deepEqual(token, E.right('HTTP@hub.example.org 6'));
});

test('Kerberos that gives no token, or fails, is told in its words', async (t) => {
  const none = await kerberosNegotiate(moduleOf(''))('hub.example.org');
  t.true(E.isLeft(none) && none.left.includes('no token for HTTP@hub.example.org'));
  const failing = moduleOf('throw new Error("no ticket in the cache");');
  const failed = await kerberosNegotiate(failing)('hub.example.org');
  t.true(E.isLeft(failed) && failed.left.includes('no ticket in the cache'));
  const other = await kerberosNegotiate('node:path')('hub.example.org');
  t.true(E.isLeft(other) && other.left.includes('not the one expected'));
});
