import * as E from 'fp-ts/lib/Either.js';

export type Listening = { readonly url: string; readonly stop: () => Promise<void> };

export type ListenFailure = { readonly code: 'cannot-listen'; readonly reason: string };

type App = {
  readonly listen: (place: { readonly host: string; readonly port: number }) => Promise<string>;
  readonly close: () => Promise<void>;
};

export type Address = {
  readonly host: string;
  readonly port: number;
  /** How another port is named: `--port <n>`. */
  readonly option: string;
};

const sentence = (error: unknown, { host, port, option }: Address): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken. Stop what listens there, or choose another: ${option}.`;
  }
  if (code === 'EACCES')
    return `Port ${port} may not be used: choose one above 1023 with ${option}.`;
  return `${host}:${port} cannot be listened on: ${message}`;
};

/** Has an app listen; left `cannot-listen` says why it cannot, and what to do. */
export const listen = async (
  app: App,
  address: Address,
): Promise<E.Either<ListenFailure, Listening>> => {
  try {
    const url = await app.listen({ host: address.host, port: address.port });
    return E.right({ url, stop: () => app.close() });
  } catch (error) {
    await app.close();
    return E.left({ code: 'cannot-listen', reason: sentence(error, address) });
  }
};
