import * as E from 'fp-ts/lib/Either.js';
import type { Outcome } from '../http/reply.ts';
import type { RequestLog } from '../http/request-log.ts';
import { answerHub, readHubRequest, type HubDeps, type HubRequest } from './hub.ts';

/** Answers a request to the hub and has it in the log with its method and parameters. */
export const answerKoji = async (
  deps: HubDeps,
  requests: RequestLog,
  request: HubRequest,
): Promise<Outcome> => {
  const path = request.url.pathname;
  const call = readHubRequest(request);
  if (E.isLeft(call)) {
    requests.enter(request.method, path, request.body)(call.left.status);
    return call.left;
  }
  const done = requests.enter(request.method, path, '', call.right);
  const outcome = await answerHub(deps, request, call.right);
  done(outcome === 'reset' ? 0 : outcome.status);
  return outcome;
};
