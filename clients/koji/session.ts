import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { decode } from '../../domain/codec.ts';
import { slots } from '../transport/slots.ts';
import { within } from '../transport/within.ts';
import { unreadable, type Call } from './failure.ts';
import { exchange, sessionPost, valueOf, type Answered, type HubOptions } from './hub.ts';
import type { KojiFailure } from './port.ts';
import { keywords, type XmlRpcValue } from './xml-rpc/value.ts';

type Result<A> = Promise<E.Either<KojiFailure, A>>;

/** A call in our name. `call` says whether a lost answer leaves something unknown. */
export type InSession = (
  call: Call,
  method: string,
  params: ReadonlyArray<XmlRpcValue>,
) => Result<XmlRpcValue>;

const Login = t.intersection(
  [
    t.type({ 'session-id': t.number, 'session-key': t.string }),
    t.partial({ 'header-auth': t.boolean }),
  ],
  'session',
);
type Session = {
  readonly id: number;
  readonly key: string;
  /** Hubs before 1.31 take the session as query string. */
  readonly isInHeaders: boolean;
  calls: number;
};

const sessionOf = (asked: string, value: XmlRpcValue): E.Either<KojiFailure, Session> => {
  const login = decode(Login)(value);
  if (E.isLeft(login)) return E.left(unreadable('reading', asked, login.left.reasons.join('; ')));
  const { 'session-id': id, 'session-key': key, 'header-auth': inHeaders } = login.right;
  return E.right({ id, key, isInHeaders: inHeaders === true, calls: 0 });
};

const refusedLogin = (failure: KojiFailure): KojiFailure => {
  if (failure.code !== 'koji-refused') return failure;
  const hint = 'Set a client certificate or GSSAPI that the hub knows.';
  return { ...failure, reason: `the hub lets us not log in: ${failure.reason}. ${hint}` };
};

/** Gives up when the time is over, so that a Kerberos server that is silent holds nobody up. */
const tokenFor = async (options: HubOptions, signal: AbortSignal) => {
  const { negotiate, baseUrl } = options;
  if (negotiate === undefined || !URL.canParse(baseUrl)) return E.right({});
  const late = new Promise<E.Either<string, string>>((resolve) => {
    const tell = (): void => resolve(E.left('Kerberos gave no token in time'));
    signal.addEventListener('abort', tell, { once: true });
  });
  const token = await Promise.race([negotiate(new URL(baseUrl).hostname), late]);
  return E.map((text: string) => ({ authorization: `Negotiate ${text}` }))(token);
};

/** Logs in by what the connection or Kerberos proves. Nothing is started by it. */
const logIn = async (options: HubOptions, signal: AbortSignal): Result<Session> => {
  const headers = await tokenFor(options, signal);
  if (E.isLeft(headers)) return E.left({ code: 'koji-unavailable', reason: headers.left });
  const send = exchange(sessionPost(options, 'certificate'), options);
  const envelope = { url: `${options.baseUrl}/ssllogin`, headers: headers.right, signal };
  const params = [keywords({ proxyuser: null })];
  const answer = await send('reading', { method: 'sslLogin', params }, envelope);
  const asked = `sslLogin at ${options.baseUrl}`;
  const value = E.mapLeft(refusedLogin)(E.chain(valueOf(asked))(answer));
  return E.chain((given: XmlRpcValue) => sessionOf(asked, given))(value);
};

const envelopeOf = (options: HubOptions, session: Session, signal: AbortSignal) => {
  session.calls += 1;
  const [id, key, callnum] = [String(session.id), session.key, String(session.calls)];
  if (session.isInHeaders) {
    const headers = {
      'Koji-Session-Id': id,
      'Koji-Session-Key': key,
      'Koji-Session-Callnum': callnum,
    };
    return { url: options.baseUrl, headers, signal };
  }
  const query = new URLSearchParams({ 'session-id': id, 'session-key': key, callnum });
  return { url: `${options.baseUrl}?${query.toString()}`, headers: {}, signal };
};

/** Faults told before a call is begun: no such session, call number out of order, expired. */
const lostSession: ReadonlyArray<number> = [1002, 1007, 1008];
const hasLostSession = (answer: Answered): boolean =>
  E.isRight(answer) && answer.right.type === 'fault' && lostSession.includes(answer.right.code);

const busy: KojiFailure = {
  code: 'koji-unavailable',
  reason: 'the session with Koji was taken for all the time there was: nothing was sent',
};

/**
 * One session, logged in when needed, one call at a time with strictly rising numbers. A call the
 * hub refused for its session is sent once more in a new one; any other is sent once.
 */
export const oneSession = (options: HubOptions): InSession => {
  const turn = slots(1);
  const send = exchange(sessionPost(options, 'nothing'), options);
  const kept: { session?: Session } = {};
  const current = async (signal: AbortSignal): Result<Session> => {
    if (kept.session !== undefined) return E.right(kept.session);
    const session = await logIn(options, signal);
    if (E.isRight(session)) kept.session = session.right;
    return session;
  };
  const once = async (
    call: Call,
    asked: { readonly method: string; readonly params: ReadonlyArray<XmlRpcValue> },
    signal: AbortSignal,
  ): Promise<Answered> => {
    const session = await current(signal);
    if (E.isLeft(session)) return session;
    const answer = await send(call, asked, envelopeOf(options, session.right, signal));
    if (E.isLeft(answer) || hasLostSession(answer)) delete kept.session;
    return answer;
  };
  return async (call, method, params) => {
    const asked = { method, params };
    const run = async (signal: AbortSignal): Promise<Answered> => {
      const first = await once(call, asked, signal);
      return hasLostSession(first) ? once(call, asked, signal) : first;
    };
    const answer = await within(options.callTimeout, (signal) =>
      turn.use(() => run(signal), signal),
    );
    return E.chain(valueOf(`${method} at ${options.baseUrl}`))(answer ?? E.left(busy));
  };
};
