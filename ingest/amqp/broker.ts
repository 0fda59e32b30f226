import * as E from 'fp-ts/lib/Either.js';

/** PEM texts. With a certificate the login is SASL EXTERNAL: the broker takes the user from it. */
export type Tls = {
  readonly certificate?: string;
  /** In the text of the certificate when absent. */
  readonly key?: string;
  /** The usual authorities when absent. */
  readonly authority?: string;
};

export type Broker = {
  readonly protocol: 'amqp' | 'amqps';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly virtualHost: string;
  readonly tls: Tls;
};

const ports = { amqp: 5672, amqps: 5671 };

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const expected =
  'amqp:// or amqps://, a host, and the virtual host as path, its slash as %2F: amqps://user:@host/%2Fpubsub';

type Login = Pick<Broker, 'user' | 'password' | 'virtualHost'>;

const loginOf = (url: URL): Login | undefined => {
  const [user, password, path] = [url.username, url.password, url.pathname.slice(1)].map(decoded);
  if (user === undefined || password === undefined || path === undefined) return undefined;
  const virtualHost = path === '' ? '/' : path;
  const isAnonymous = user === '' && password === '';
  return isAnonymous
    ? { user: 'guest', password: 'guest', virtualHost }
    : { user, password, virtualHost };
};

/** Reads the address of a broker; left says what it must be. The port is the protocol's own if unset. */
export const brokerOf = (address: string, tls: Tls): E.Either<string, Broker> => {
  if (!URL.canParse(address)) return E.left(expected);
  const url = new URL(address);
  const protocol = (['amqp', 'amqps'] as const).find((one) => `${one}:` === url.protocol);
  const login = loginOf(url);
  if (protocol === undefined || login === undefined || url.hostname === '') return E.left(expected);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? ports[protocol] : Number(url.port);
  return E.right({ protocol, host, port, ...login, tls });
};

/** Where a broker is, for people; without its password. */
export const placeOf = ({ host, port, virtualHost }: Broker): string =>
  `${host}:${port} (virtual host ${virtualHost})`;
