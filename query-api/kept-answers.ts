import * as E from 'fp-ts/lib/Either.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ReadModels } from '../projectors/read-models.ts';

type Answer = { readonly bytes: Buffer; readonly position: string };
type Asked = { readonly key: string; readonly stamp: string };

const asked = 'askedOfTheReadModels';
const mostKeys = 4096;
const mostBytes = 16 * 1024 * 1024;
const longest = 256 * 1024;
const json = 'application/json; charset=utf-8';

/** Everything of a request that an answer may depend on; no header can hold a line break. */
const keyOf = ({ headers, url }: FastifyRequest): string =>
  `${url}\n${headers.host ?? ''}\n${String(headers['x-scheme'] ?? '')}\n${String(headers['x-forwarded-host'] ?? '')}\n${String(headers['x-script-name'] ?? '')}`;

/** Answers to what has been asked twice since the read models were last seen to change. */
const shelf = () => {
  const once = new Set<string>();
  const answers = new Map<string, Answer>();
  let current = '';
  let bytes = 0;
  const clear = (): void => {
    once.clear();
    answers.clear();
    bytes = 0;
  };
  return {
    find: ({ key, stamp }: Asked): Answer | undefined => {
      if (stamp === current) return answers.get(key);
      clear();
      current = stamp;
      return undefined;
    },
    keep: ({ key, stamp }: Asked, answer: () => Answer): void => {
      if (stamp !== current) return;
      if (once.size >= mostKeys || bytes >= mostBytes) clear();
      if (!once.has(key)) {
        once.add(key);
        return;
      }
      const made = answer();
      answers.set(key, made);
      bytes += made.bytes.length;
    },
  };
};

const send = (reply: FastifyReply, { bytes, position }: Answer): void => {
  void reply.header('content-type', json).header('x-position', position).send(bytes);
};

/**
 * Gives an answer of these routes again, as it was, as long as the read models have not changed
 * since before it was made: the stamp is asked for once per request, before anything is read. To be
 * called before the routes are made.
 */
export const keepAnswers = (routes: FastifyInstance, stamp: ReadModels['stamp']): void => {
  const kept = shelf();
  routes.decorateRequest(asked, undefined);
  const stamped = stamp();
  routes.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'GET') {
      done();
      return;
    }
    stamped().then((found) => {
      if (E.isLeft(found)) {
        done();
        return;
      }
      const question = { key: keyOf(request), stamp: found.right };
      const answer = kept.find(question);
      if (answer !== undefined) {
        send(reply, answer);
        return;
      }
      request.setDecorator(asked, question);
      done();
    }, done);
  });
  routes.addHook('onSend', (request, reply, payload, done) => {
    const question = request.getDecorator<Asked | undefined>(asked);
    if (question !== undefined && typeof payload === 'string' && payload.length <= longest) {
      const position = reply.getHeader('x-position');
      if (typeof position === 'string') {
        kept.keep(question, () => ({ bytes: Buffer.from(payload), position }));
      }
    }
    done(null, payload);
  });
};
