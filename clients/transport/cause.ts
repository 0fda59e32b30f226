/** Nothing had been sent when one of these came. */
const neverSent: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...[
    'ENETDOWN',
    'EHOSTDOWN',
    'UND_ERR_CONNECT_TIMEOUT',
    'ERR_INVALID_URL',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Code and words of what a socket, TLS or `fetch` threw. */
export const causeOf = (error: unknown): { readonly code: string; readonly text: string } => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  const text = cause instanceof Error ? cause.message : String(cause);
  return { code: typeof code === 'string' ? code : '', text: text === '' ? String(code) : text };
};

/** Whether an error of this code came before a byte of the request left. */
export const wasNeverSent = (code: string): boolean => neverSent.has(code);
