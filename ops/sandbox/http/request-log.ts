import type { Store } from '../store.ts';

/** A call of Koji's hub, decoded. */
export type LoggedCall = {
  readonly method: string;
  readonly params: ReadonlyArray<unknown>;
  readonly named: Readonly<Record<string, unknown>>;
};

export type LoggedRequest = {
  readonly seq: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** 0 while unanswered, and for ever when the connection was reset. */
  readonly status: number;
  readonly ms: number | null;
  readonly call?: LoggedCall;
};

export type RequestLog = {
  /** Enters a request when it has arrived; the answer notes its end. */
  readonly enter: (
    method: string,
    path: string,
    body: string,
    call?: LoggedCall,
  ) => (status: number) => void;
  readonly list: () => ReadonlyArray<LoggedRequest>;
};

const KEPT = 64 * 1024;

/** What the services and dist-git were asked, in order; it survives a restart. */
export const openRequestLog = (store: Store): RequestLog => {
  const entries = store.requests().map((text) => JSON.parse(text) as LoggedRequest);
  return {
    enter: (method, path, body, call) => {
      const index = entries.length;
      const started = Date.now();
      const entry: LoggedRequest = {
        ...{ seq: index + 1, at: new Date(started).toISOString(), method, path },
        ...{ body: body.slice(0, KEPT), status: 0, ms: null },
        ...(call === undefined ? {} : { call }),
      };
      entries.push(entry);
      store.saveRequest(entry.seq, JSON.stringify(entry));
      return (status) => {
        const done = { ...entry, status, ms: Date.now() - started };
        entries[index] = done;
        store.saveRequest(done.seq, JSON.stringify(done));
      };
    },
    list: () => entries,
  };
};
