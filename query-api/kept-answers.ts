import * as E from 'fp-ts/lib/Either.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ReadModels } from '../projectors/read-models.ts';

type Answer = { readonly bytes: Buffer; readonly position: string };
type Asked = { readonly key: string; readonly stamp: string };

const mostBytes = 16 * 1024 * 1024;
const mostBytesOfOne = 256 * 1024;
const json = 'application/json; charset=utf-8';

/** Everything of a request that an answer may depend on; no header can hold a line break. */
const keyOf = ({ headers, url }: FastifyRequest): string =>
  `${url}\n${headers.host ?? ''}\n${String(headers['x-scheme'] ?? '')}\n${String(headers['x-forwarded-host'] ?? '')}\n${String(headers['x-script-name'] ?? '')}`;

/** Answers given since the read models were last seen to change, oldest dropped first. */
const shelf = () => {
  const answers = new Map<string, Answer>();
  let current = '';
  let bytes = 0;
  const drop = (key: string, answer: Answer): void => {
    answers.delete(key);
    bytes -= answer.bytes.length;
  };
  return {
    find: ({ key, stamp }: Asked): Answer | undefined => {
      if (stamp === current) return answers.get(key);
      answers.clear();
      current = stamp;
      bytes = 0;
      return undefined;
    },
    keep: ({ key, stamp }: Asked, answer: Answer): void => {
      const size = answer.bytes.length;
      if (stamp !== current || size > mostBytesOfOne || answers.has(key)) return;
      answers.set(key, answer);
      bytes += size;
      for (const [oldest, other] of answers) {
        if (bytes <= mostBytes) return;
        drop(oldest, other);
      }
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
  const asked = new WeakMap<FastifyRequest, Asked>();
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
      asked.set(request, question);
      done();
    }, done);
  });
  routes.addHook('onSend', (request, reply, payload, done) => {
    const question = asked.get(request);
    const position = reply.getHeader('x-position');
    if (question === undefined || typeof payload !== 'string' || typeof position !== 'string') {
      done(null, payload);
      return;
    }
    const bytes = Buffer.from(payload);
    kept.keep(question, { bytes, position });
    done(null, bytes);
  });
};
