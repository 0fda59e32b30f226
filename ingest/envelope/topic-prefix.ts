/** What every bus puts in front of the topics we know (reference: the prefixes seen on each bus). */
const builtIn: ReadonlyArray<string> = ['org.fedoraproject', 'io.pagure', 'org.centos'].flatMap(
  (bus) => ['prod', 'stg', 'dev'].map((place) => `${bus}.${place}`),
);
const umbPrefix = 'VirtualTopic.eng';

/** Prefixes whose messages are read; those of others are set aside as `foreign-prefix`. */
export const defaultPrefixes: ReadonlyArray<string> = ['org.fedoraproject.prod', '', umbPrefix];

export type Addressed = { readonly prefix: string; readonly topic: string };

const address = /^(?:\/topic\/|topic:\/\/|\/queue\/Consumer\..*?\.(?=VirtualTopic\.))/;

/** True for an address of the UMB: a STOMP or AMQP 1.0 destination, or a virtual topic. */
export const isUmbAddress = (topic: string): boolean =>
  /^(?:\/topic\/|topic:\/\/|\/queue\/|queue:\/\/|VirtualTopic\.)/.test(topic);

/** Parts a topic from its prefix, by whole words; '' where the prefix is not known. */
export const splitTopic = (raw: string, accepted: ReadonlyArray<string>): Addressed => {
  const bare = raw.replace(address, '');
  const known = [...accepted, umbPrefix, ...builtIn].filter((prefix) => prefix !== '');
  const prefix = known.find((one) => bare.startsWith(`${one}.`));
  if (prefix === undefined) return { prefix: '', topic: bare };
  return { prefix, topic: bare.slice(prefix.length + 1) };
};
