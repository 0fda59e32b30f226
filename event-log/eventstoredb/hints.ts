/** What the words of a failure mean, and what is to be done about it; the first that fits holds. */
const hints: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /altnames/i,
    'its certificate is not for this name: connect by a name or address the certificate holds',
  ],
  [/certificate has expired|not yet valid/i, 'renew its certificate, or set the clocks right'],
  [
    /certificate|self.signed/i,
    'its certificate is of an authority not known here: name the authority with tlsCAFile=<file> in the connection string',
  ],
  [
    /wrong version number|packet length too long|EPROTO/i,
    'it does not speak TLS: switch TLS on there, or say tls=false in the connection string and name no user',
  ],
  [
    /Failed to connect|Connection closed before/i,
    'it ends connections at once: if it speaks TLS, remove tls=false from the connection string; else see that this is the port of EventStoreDB',
  ],
  [
    /Protocol error|HTTP\/1|Unexpected server response/i,
    'something else answers there: correct host and port of the connection string',
  ],
  [
    /Name resolution|ENOTFOUND|EAI_AGAIN/i,
    'no such host is known here: correct the host of the connection string',
  ],
  [
    /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/i,
    'is the server up, and are host and port those of the connection string?',
  ],
  [
    /Failed to discover/i,
    'no node that the connection string names knows a leader: see that more than half of the nodes are up, and that the hosts and ports are right',
  ],
  [
    /deadline-exceeded/i,
    'it took too long, or its clock is far from the one here: see what keeps it busy, and set the clocks right',
  ],
  [
    /Not Ready|No leader/i,
    'the cluster has no leader for now: more than half of its nodes have to be up and to see each other',
  ],
];

/** What to do about a failure that is known by its words. */
export const hintFor = (message: string): string =>
  hints.find(([pattern]) => pattern.test(message))?.[1] ?? 'it may pass: try again';
