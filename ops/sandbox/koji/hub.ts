import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Kind, Misbehaviour, Rule } from '../control/misbehaviour.ts';
import type { Answer, Outcome } from '../http/reply.ts';
import type { Store } from '../store.ts';
import { subjectOf } from './container-request.ts';
import { dispatch } from './dispatch.ts';
import type { Answered, MethodDeps } from './method.ts';
import { credentialsOf, type Credentials, type Session } from './sessions.ts';
import { KOJI_VERSION } from './user-methods.ts';
import { fault, type Fault, type Value } from './value.ts';
import { readCall, type Call } from './xml-read.ts';
import { writeAnswer, writeFault } from './xml-write.ts';

export type HubDeps = MethodDeps & {
  readonly store: Store;
  readonly misbehaviour: Misbehaviour;
  /** Fires when the sandbox closes: what is still waiting then was never carried out. */
  readonly closing: AbortSignal;
};

export type HubRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

const plain = (status: number, body: string): Answer => ({ status, body, type: 'text/plain' });

const xml = (body: string): Answer => ({
  ...{ status: 200, body, type: 'text/xml' },
  headers: { 'Koji-Version': KOJI_VERSION },
});

const faulty = (value: Fault): Answer => xml(writeFault(value));

const answered = (answer: Answered): Answer =>
  E.isLeft(answer) ? faulty(answer.left) : xml(writeAnswer(answer.right));

const DEFAULT_USER = 'freshmaker';

/** Log in succeeds unless a rule refuses it: as `X-Sandbox-User`, else as freshmaker. */
const sslLogin = (
  { sessions, book }: HubDeps,
  headers: IncomingHttpHeaders,
  take: Take,
): Answer => {
  if (take('koji-refuses-login') !== undefined) {
    return faulty(fault(1002, 'could not verify client: None'));
  }
  const named = headers['x-sandbox-user'];
  const user = typeof named === 'string' && named !== '' ? named : DEFAULT_USER;
  book.users.idOf(user);
  const { id, key } = sessions.login(user);
  return xml(writeAnswer({ 'session-id': id, 'session-key': key, 'header-auth': true }));
};

type Take = (kind: Kind) => Rule | undefined;

/** Rules that name an image concern its order only; the others any call. */
const taking = ({ misbehaviour }: HubDeps, call: Call): Take => {
  const { params, named } = call;
  const request: ReadonlyArray<Value> =
    call.method === 'buildContainer' ? [params[0] ?? '', '', params[2] ?? named['opts'] ?? {}] : [];
  const subject = subjectOf(request);
  return (kind) => misbehaviour.take(kind, subject);
};

type Login = { readonly session: Session; readonly credentials: Credentials };

const loginOf = (
  deps: HubDeps,
  call: Call,
  credentials: Credentials | undefined,
  take: Take,
): E.Either<Fault, Login | undefined> => {
  if (credentials === undefined) return E.right(undefined);
  const found = deps.sessions.find(credentials);
  if (E.isLeft(found)) return found;
  const session = found.right;
  if (take('koji-session-expired') !== undefined) {
    deps.sessions.expire(session);
    return E.left(fault(1007, `session "${session.id}" has expired`));
  }
  const wrong = deps.sessions.checkCallnum(session, credentials, call.method);
  return wrong === undefined ? E.right({ session, credentials }) : E.left(wrong);
};

const carryOut = (deps: HubDeps, call: Call, login: Login | undefined): Answered =>
  deps.store.atomically(() => {
    const caller = { session: login?.session };
    const answer = dispatch(deps, call.method, call.params, call.named, caller);
    if (E.isRight(answer) && login !== undefined && call.method !== 'logout') {
      deps.sessions.carriedOut(login.session, login.credentials);
    }
    return answer;
  });

const pause = async (deps: HubDeps, rule: Rule | undefined): Promise<void> => {
  if (rule !== undefined) await wait(rule.ms, undefined, { signal: deps.closing });
};

const retryFault = ({ method }: Call, login: Login | undefined): Fault => {
  const [callnum, id] = [login?.credentials.callnum ?? 0, login?.session.id ?? 0];
  return fault(1009, `unable to retry call ${callnum} (method ${method}) for session ${id}`);
};

/** What goes wrong with an order before there is a task. */
const before = (take: Take): Outcome | undefined => {
  if (take('koji-reset-before-task') !== undefined) return 'reset';
  const refusal = take('koji-refuses');
  return refusal === undefined ? undefined : faulty(fault(1004, refusal.reason));
};

/** Orders an image, with what may go wrong before and after there is a task. */
const order = async (
  deps: HubDeps,
  call: Call,
  login: Login | undefined,
  take: Take,
): Promise<Outcome> => {
  const slow = take('koji-slow');
  if (slow?.when === 'before') await pause(deps, slow);
  const early = before(take);
  if (early !== undefined) return early;
  const answer = carryOut(deps, call, login);
  if (slow?.when === 'after') await pause(deps, slow);
  if (take('koji-reset-after-task') !== undefined) return 'reset';
  if (take('koji-retry-fault') !== undefined) return faulty(retryFault(call, login));
  return answered(answer);
};

/** Answers a POST to /kojihub or /kojihub/ssllogin whose body was read. */
export const answerHub = async (
  deps: HubDeps,
  { url, headers }: HubRequest,
  call: Call,
): Promise<Outcome> => {
  const take = taking(deps, call);
  if (take('koji-unavailable') !== undefined) return plain(503, 'Service Unavailable');
  if (take('koji-offline') !== undefined) return faulty(fault(1014, 'server is offline'));
  if (call.method === 'sslLogin') return sslLogin(deps, headers, take);
  const login = loginOf(deps, call, credentialsOf(headers, url.searchParams), take);
  if (E.isLeft(login)) return faulty(login.left);
  if (call.method === 'buildContainer') return order(deps, call, login.right, take);
  return answered(carryOut(deps, call, login.right));
};

/** Reads a request to the hub; an answer says why it is none. */
export const readHubRequest = ({ method, body }: HubRequest): E.Either<Answer, Call> => {
  if (method !== 'POST') return E.left(plain(405, 'Method Not Allowed: use POST'));
  const call = readCall(body);
  return E.isLeft(call) ? E.left(plain(400, call.left)) : call;
};
