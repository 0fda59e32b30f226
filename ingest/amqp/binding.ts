import * as E from 'fp-ts/lib/Either.js';

/** What a queue is bound to: `pattern` is a topic in which `*` is one word and `#` any number. */
export type Binding = { readonly exchange: string; readonly pattern: string };

const longest = 255;

/** Reads `exchange:pattern`; left says what it must be. */
export const bindingOf = (text: string): E.Either<string, Binding> => {
  const colon = text.indexOf(':');
  const exchange = text.slice(0, Math.max(colon, 0)).trim();
  const pattern = text.slice(colon + 1).trim();
  const fits = Buffer.byteLength(exchange) <= longest && Buffer.byteLength(pattern) <= longest;
  return exchange !== '' && pattern !== '' && fits
    ? E.right({ exchange, pattern })
    : E.left('exchange:pattern, such as amq.topic:# or zmq.topic:org.fedoraproject.prod.mbs.#');
};
