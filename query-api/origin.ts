import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

const isHost = /^[A-Za-z0-9._\-:[\]]{1,255}$/;
const isPrefix = /^(?:\/[A-Za-z0-9._~-]+){1,16}$/;

const first = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  const text = typeof value === 'string' ? value : value?.[0];
  return text?.split(',')[0]?.trim();
};

const prefixOf = (headers: IncomingHttpHeaders): string => {
  const prefix = first(headers, 'x-script-name')?.replace(/\/$/, '') ?? '';
  return isPrefix.test(prefix) ? prefix : '';
};

const hostOf = (headers: IncomingHttpHeaders): string =>
  [first(headers, 'x-forwarded-host'), headers.host].find(
    (host) => host !== undefined && isHost.test(host),
  ) ?? 'localhost';

/**
 * What a link has to begin with so that the asker can follow it: `<scheme>://<host><prefix>`. Taken
 * from Host, or from what a proxy says in `X-Scheme`, `X-Forwarded-Host` and `X-Script-Name`.
 */
export const originOf = ({ headers, protocol }: FastifyRequest): string => {
  const scheme = first(headers, 'x-scheme')?.toLowerCase();
  const known = scheme === 'http' || scheme === 'https' ? scheme : protocol;
  return `${known}://${hostOf(headers)}${prefixOf(headers)}`;
};

/** The path without the prefix under which a proxy shows us, where the proxy left it in. */
export const withoutPrefix = ({ headers, url = '/' }: IncomingMessage): string => {
  if (headers['x-script-name'] === undefined) return url;
  const prefix = prefixOf(headers);
  return prefix !== '' && url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url;
};
