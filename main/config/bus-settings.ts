import { amqpUrl, bindings } from './amqp-values.ts';
import { flag, list, listOfAny, oneOf, optional, pemFile, text, url, whole } from './parse.ts';

const day = 86_400;

/** Where messages come from, and how what was missed is caught up with. Times are seconds. */
export const busSettings = {
  feedUrl: {
    ...{ env: 'FRESHMAKER_FEED_URL', parse: optional(url), fallback: null as string | null },
    what: 'HTTP feed of bus messages',
  },
  topicPrefixes: {
    ...{ env: 'FRESHMAKER_TOPIC_PREFIXES', parse: listOfAny },
    fallback: ['org.fedoraproject.prod', '', 'VirtualTopic.eng'] as ReadonlyArray<string>,
    what: 'topic prefixes of messages that count',
  },
  amqpUrl: {
    ...{ env: 'FRESHMAKER_AMQP_URL', parse: optional(amqpUrl), fallback: null as string | null },
    what: 'RabbitMQ of fedora-messaging; the virtual host is the path, its slash as %2F',
  },
  amqpCertificate: {
    ...{ env: 'FRESHMAKER_AMQP_CERTIFICATE', parse: optional(pemFile) },
    fallback: null as string | null,
    what: 'PEM file with the TLS client certificate; with it the login is SASL EXTERNAL',
  },
  amqpKey: {
    ...{ env: 'FRESHMAKER_AMQP_KEY', parse: optional(pemFile), fallback: null as string | null },
    what: 'PEM file with its key; in the file of the certificate when unset',
  },
  amqpAuthority: {
    ...{ env: 'FRESHMAKER_AMQP_AUTHORITY', parse: optional(pemFile) },
    fallback: null as string | null,
    what: "PEM file with the authorities the broker's certificate is trusted by; the usual ones when unset",
  },
  amqpQueue: {
    ...{ env: 'FRESHMAKER_AMQP_QUEUE', parse: optional(text) },
    fallback: 'freshmaker' as string | null,
    what: 'queue, shared by all backends (freshmaker-rehearsal in a rehearsal unless set); empty for one of its own that ends with the connection and misses what comes meanwhile',
  },
  amqpDeclare: {
    ...{ env: 'FRESHMAKER_AMQP_DECLARE', parse: oneOf('active', 'passive') },
    fallback: 'active' as 'active' | 'passive',
    what: 'active makes queue and bindings, passive only looks whether the queue is there',
  },
  amqpDurable: {
    ...{ env: 'FRESHMAKER_AMQP_DURABLE', parse: flag, fallback: true },
    what: 'whether a queue that is made outlives the broker',
  },
  amqpBindings: {
    ...{ env: 'FRESHMAKER_AMQP_BINDINGS', parse: bindings },
    fallback: ['amq.topic:#'] as ReadonlyArray<string>,
    what: 'what a queue that is made gets, as exchange:pattern',
  },
  amqpPrefetch: {
    ...{ env: 'FRESHMAKER_AMQP_PREFETCH', parse: whole(1, 10_000), fallback: 25 },
    what: 'messages the broker hands over before one of them is acknowledged',
  },
  fedmsgEndpoints: {
    ...{ env: 'FRESHMAKER_FEDMSG_ENDPOINTS', parse: list },
    fallback: [] as ReadonlyArray<string>,
    what: 'ZeroMQ publishers of fedmsg, as tcp://host:port',
  },
  fedmsgTopics: {
    ...{ env: 'FRESHMAKER_FEDMSG_TOPICS', parse: list },
    fallback: ['org.fedoraproject'] as ReadonlyArray<string>,
    what: 'beginnings of the topics that are subscribed to',
  },
  fedmsgSignatures: {
    ...{ env: 'FRESHMAKER_FEDMSG_SIGNATURES', parse: oneOf('required', 'ignored') },
    fallback: 'required' as 'required' | 'ignored',
    what: 'whether a message without a valid signature is set aside',
  },
  fedmsgAuthority: {
    ...{ env: 'FRESHMAKER_FEDMSG_AUTHORITY', parse: optional(pemFile) },
    fallback: null as string | null,
    what: 'PEM file with the authority the signers are trusted by',
  },
  fedmsgRevocations: {
    ...{ env: 'FRESHMAKER_FEDMSG_REVOCATIONS', parse: optional(pemFile) },
    fallback: null as string | null,
    what: 'PEM file with the revocation list of that authority',
  },
  datagrepperUrl: {
    ...{ env: 'FRESHMAKER_DATAGREPPER_URL', parse: optional(url), fallback: null as string | null },
    what: 'base of datagrepper, which keeps what was published; missed messages are fetched there',
  },
  catchUpTopics: {
    ...{ env: 'FRESHMAKER_CATCH_UP_TOPICS', parse: list },
    fallback: [] as ReadonlyArray<string>,
    what: 'whole topics that are asked for there; `#` for all; those that a flow reads when empty',
  },
  catchUpAfter: {
    ...{ env: 'FRESHMAKER_CATCH_UP_AFTER', parse: whole(1, 30 * day), fallback: 300 },
    what: 'seconds the newest message is old at a start for the gap to be fetched at once',
  },
  catchUpOverlap: {
    ...{ env: 'FRESHMAKER_CATCH_UP_OVERLAP', parse: whole(0, day), fallback: 600 },
    what: 'seconds fetched once more before the beginning of a gap',
  },
  catchUpLongest: {
    ...{ env: 'FRESHMAKER_CATCH_UP_LONGEST', parse: whole(60, 366 * day), fallback: 14 * day },
    what: 'seconds of the past that are fetched by themselves; for more: catch-up --since',
  },
};
