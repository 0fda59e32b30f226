import * as E from 'fp-ts/lib/Either.js';
import { causeOf } from '../transport/cause.ts';
import type { OdcsFailure } from './port.ts';

const absent: ReadonlyArray<number> = [404, 410];

/** The file's host may be another than ODCS, so no token goes there, and redirects are followed. */
const statusOf = async (
  method: 'HEAD' | 'GET',
  url: string,
  signal: AbortSignal,
): Promise<number> => {
  const response = await fetch(url, { method, signal });
  await response.body?.cancel();
  return response.status;
};

/** Asked without a body where the host knows how; its content is nobody's business here. */
export const repofileExists = async (
  url: string,
  signal: AbortSignal,
): Promise<E.Either<OdcsFailure, boolean>> => {
  try {
    const first = await statusOf('HEAD', url, signal);
    const isDeaf = first === 405 || first === 501;
    const status = isDeaf ? await statusOf('GET', url, signal) : first;
    if (status >= 200 && status < 300) return E.right(true);
    if (absent.includes(status)) return E.right(false);
    const reason = `HEAD ${url}: ${status}`;
    return E.left(
      status === 408 || status === 429 || status >= 500
        ? { code: 'odcs-unavailable', reason }
        : { code: 'odcs-refused', status, reason },
    );
  } catch (error) {
    const reason = `HEAD ${url}: ${causeOf(error).text}`;
    return E.left({ code: 'odcs-unavailable', reason });
  }
};
