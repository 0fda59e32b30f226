import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { decode } from '../../domain/codec.ts';

/** A SPNEGO token (base64) for a service `HTTP@<host>`, or a sentence why there is none. */
export type Negotiate = (host: string) => Promise<E.Either<string, string>>;

type Client = {
  readonly step: (challenge: string) => Promise<unknown>;
  readonly response: string | null;
};
type Kerberos = {
  readonly initializeClient: (service: string, options: object) => Promise<Client>;
};

const Module = t.type({ initializeClient: t.Function }, 'the module kerberos');
const spnego = 6; // GSS_MECH_OID_SPNEGO of the module kerberos

const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const missing =
  'GSSAPI needs the npm module kerberos, which is not installed: run `npm install kerberos` where ' +
  'the Kerberos libraries and a compiler are, or log in with a TLS client certificate';

const loaded = async (name: string): Promise<E.Either<string, Kerberos>> => {
  let found: { readonly default?: unknown };
  try {
    found = (await import(name)) as { readonly default?: unknown };
  } catch (error) {
    return E.left(`${missing} (${sentenceOf(error)})`);
  }
  const usable = decode(Module)(found.default ?? found);
  if (E.isLeft(usable)) return E.left(`the npm module ${name} is not the one expected`);
  return E.right(usable.right as unknown as Kerberos);
};

/** Tokens of the ticket this machine holds, by the module kerberos, loaded when first needed. */
export const kerberosNegotiate =
  (moduleName = 'kerberos'): Negotiate =>
  async (host) => {
    const kerberos = await loaded(moduleName);
    if (E.isLeft(kerberos)) return kerberos;
    try {
      const client = await kerberos.right.initializeClient(`HTTP@${host}`, { mechOID: spnego });
      await client.step('');
      return client.response === null
        ? E.left(`Kerberos gave no token for HTTP@${host}`)
        : E.right(client.response);
    } catch (error) {
      return E.left(`Kerberos gave no token for HTTP@${host}: ${sentenceOf(error)}`);
    }
  };
