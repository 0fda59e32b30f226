import type { Broker } from './broker.ts';
import { placeOf } from './broker.ts';

/**
 * Why nothing is consumed at the moment. `broker-unavailable` ends by itself; after
 * `broker-refuses` a person has to change something, here or at the broker. `broker-not-ready` is
 * what a broker that has just started says too, and a refusal where it lasts.
 */
export type BrokerFailure = {
  readonly code: 'broker-unavailable' | 'broker-not-ready' | 'broker-refuses';
  readonly reason: string;
};

// A queue may come into being, or a broker be told of a user, at any time: each is tried again.
type Known = {
  readonly mark: RegExp;
  readonly advice: string;
  /** Told of a broker as well that has not come up wholly. */
  readonly mayPass?: true;
};

const refusals: ReadonlyArray<Known> = [
  {
    mark: /ACCESS.REFUSED.*(login|mechanism)/is,
    advice: 'Check user and password in amqpUrl, or amqpCertificate and amqpKey.',
  },
  {
    mayPass: true,
    // The driver keeps to itself what the broker says when it refuses a virtual host.
    mark: /NOT.ALLOWED|Expected ConnectionOpenOk; got <ConnectionClose/i,
    advice:
      'The virtual host is not there, not running, or not for this user. Check the path of amqpUrl, which is the virtual host (its slash is written %2F, as in /%2Fpubsub), and what the user may do there.',
  },
  {
    mark: /ACCESS.REFUSED/i,
    advice:
      'Ask an administrator of the broker for the permission, or set amqpDeclare to passive where the queue was made for you.',
  },
  {
    mark: /RESOURCE.LOCKED/i,
    advice: 'Another connection has this queue to itself: name another one in amqpQueue.',
  },
  {
    mark: /PRECONDITION.FAILED.*inequivalent/is,
    advice:
      'The queue is there, made in another way: set amqpDurable as it was made, or amqpDeclare to passive.',
  },
  {
    mark: /SASL mechanism/i,
    advice:
      'The broker must allow this way to log in (for EXTERNAL the plugin rabbitmq_auth_mechanism_ssl); without amqpCertificate it is PLAIN.',
  },
];

/** By its code and not its words: what says "TLS" or names a host with it may be a mere outage. */
const tlsRefusal: Known = {
  mark: /^(CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|DEPTH_ZERO|UNABLE_|SELF_SIGNED|EPROTO$)/,
  advice:
    'Check amqpCertificate, amqpKey and amqpAuthority, and that amqpUrl has the port for TLS.',
};
const outage =
  /^(ECONNRESET|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

const missing: ReadonlyArray<Known> = [
  {
    mark: /no exchange/i,
    advice: 'Have the exchange made, or name another one in amqpBindings.',
  },
  {
    mark: /no queue/i,
    advice: 'Have the queue made, or set amqpDeclare to active.',
  },
];

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  // What several addresses of one host have answered.
  const parts = error instanceof AggregateError ? (error.errors as ReadonlyArray<unknown>) : [];
  return parts.length === 0 ? error.name : parts.map(textOf).join('; ');
};

const sentence = (text: string): string => {
  const line = text.trim().replace(/\s+/g, ' ');
  return /[.!?]$/.test(line) ? line : `${line}.`;
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const refusalIn = (error: unknown, text: string): Known | undefined => {
  const code = codeOf(error);
  if (outage.test(code)) return undefined;
  return tlsRefusal.mark.test(code) ? tlsRefusal : refusals.find(({ mark }) => mark.test(text));
};

/** What went wrong at a broker, from what its driver threw or told, and what to do about it. */
export const failureOf = (broker: Broker, error: unknown): BrokerFailure => {
  const text = textOf(error);
  const refusal = refusalIn(error, text);
  const refused = refusal?.mayPass === true ? 'broker-not-ready' : 'broker-refuses';
  const absent = missing.find(({ mark }) => mark.test(text));
  const advice = (refusal ?? absent)?.advice;
  return {
    code: refusal === undefined ? 'broker-unavailable' : refused,
    reason: [
      `${placeOf(broker)}: ${sentence(text)}`,
      ...(advice === undefined ? [] : [advice]),
    ].join(' '),
  };
};
