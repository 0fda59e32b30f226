import * as E from 'fp-ts/lib/Either.js';
import type { VersionedPolicy } from '../domain/policy/current.ts';
import { policyStream } from '../domain/policy/events.ts';
import type { Hand } from '../event-log/carry-out.ts';
import { decodeRecorded } from '../event-log/carry-out.ts';
import { adoptPolicy } from './commands/policy.ts';
import { faultInWords, loadPolicy } from './policy/load-policy.ts';

type Failure = { readonly code: string; readonly reason: string };

const differs = (file: string, inForce: string, found: string): Failure => ({
  code: 'policy-differs',
  reason:
    `Policy ${inForce} is in force, but ${file} is version ${found}. ` +
    `Adopt it with: freshmaker policy apply ${file} --by <who> --why <why>`,
});

/**
 * The policy file is adopted at the very first start of a log. At a later start a file that differs
 * from what is in force is refused: a policy changes by an order, not by an edit.
 */
export const adoptFirstPolicy = async (
  hand: Hand,
  file: string,
): Promise<E.Either<Failure, string>> => {
  const loaded = await loadPolicy(file);
  if (E.isLeft(loaded)) {
    return E.left({ code: 'policy-faulty', reason: loaded.left.map(faultInWords).join('\n') });
  }
  const found: VersionedPolicy = loaded.right;
  const last = await hand.log.last(policyStream)();
  if (E.isLeft(last)) return last;
  if (last.right !== undefined) {
    const event = decodeRecorded(last.right);
    if (E.isLeft(event)) return event;
    const inForce = event.right.type === 'PolicyAdopted' ? event.right.version : '';
    return inForce === found.version
      ? E.right(inForce)
      : E.left(differs(file, inForce, found.version));
  }
  const adopted = await adoptPolicy(hand)(found, { by: hand.actor, why: `First start: ${file}.` });
  if (E.isRight(adopted)) return E.right(found.version);
  const reason = 'reason' in adopted.left ? adopted.left.reason : adopted.left.code;
  return E.left({ code: adopted.left.code, reason });
};

/**
 * As `adoptFirstPolicy` with the file that was named. Where none was, what is in force stays so, and
 * the fallback is adopted at the very first start.
 */
export const policyAtStart = async (
  hand: Hand,
  { named, fallback }: { readonly named: string | null; readonly fallback: string },
): Promise<E.Either<Failure, string>> => {
  if (named !== null) return adoptFirstPolicy(hand, named);
  const last = await hand.log.last(policyStream)();
  if (E.isLeft(last)) return last;
  if (last.right === undefined) return adoptFirstPolicy(hand, fallback);
  const event = decodeRecorded(last.right);
  if (E.isLeft(event)) return event;
  return E.right(event.right.type === 'PolicyAdopted' ? event.right.version : '');
};
