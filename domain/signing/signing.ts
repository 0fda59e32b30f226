import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { SigningEvent } from './events.ts';

/** The newest signature heard of that no question to Koji has answered yet. */
export type Pending = {
  readonly messageId: string;
  readonly messageStream: string;
  readonly sentAt: string;
  readonly notBefore: string;
};

export type SigningState = {
  readonly buildId: number | null;
  /** Ids of the messages that were heard. */
  readonly heard: ReadonlyArray<string>;
  /** Null while there is nothing to ask. */
  readonly pending: Pending | null;
  readonly allSigned: boolean;
};

type Hear = Pending & { readonly type: 'Hear'; readonly buildId: number };

/** What Koji said when so many signatures (`heard`) had been heard of. */
export type Check = {
  readonly type: 'Check';
  readonly heard: number;
  readonly nvr: string | null;
  readonly rpms: number;
  readonly unsigned: number;
  readonly reason: string | null;
};
export type SigningCommand = Hear | Check;

const initial: SigningState = { buildId: null, heard: [], pending: null, allSigned: false };

const evolve = (state: SigningState, event: SigningEvent): SigningState => {
  if (event.type === 'SignaturesChecked') {
    return { ...state, pending: null, allSigned: event.allSigned };
  }
  const { buildId, messageId, messageStream, sentAt, notBefore } = event;
  const heard = [...state.heard, messageId];
  return { ...state, buildId, heard, pending: { messageId, messageStream, sentAt, notBefore } };
};

/** All are, and there is at least one. */
export const areAllSigned = (said: Pick<Check, 'rpms' | 'unsigned'>): boolean =>
  said.rpms > 0 && said.unsigned === 0;

const check = (command: Check, state: SigningState): ReadonlyArray<SigningEvent> => {
  const { buildId, pending, heard } = state;
  // What was heard after the question needs a question of its own.
  if (buildId === null || pending === null || heard.length !== command.heard) return [];
  const { nvr, rpms, unsigned, reason } = command;
  const allSigned = areAllSigned(command);
  return [{ type: 'SignaturesChecked', buildId, nvr, rpms, unsigned, allSigned, reason }];
};

const decide = (
  command: SigningCommand,
  state: SigningState,
): E.Either<never, ReadonlyArray<SigningEvent>> => {
  if (command.type === 'Check') return E.right(check(command, state));
  const { buildId, messageId, messageStream, sentAt, notBefore } = command;
  if (state.allSigned || state.heard.includes(messageId)) return E.right([]);
  return E.right([
    { type: 'SignatureHeard', buildId, messageId, messageStream, sentAt, notBefore },
  ]);
};

/** Whether all RPMs of one Koji build are signed: each message is a reason to ask Koji. */
export const signing: Decider<SigningCommand, SigningState, SigningEvent, never> = {
  initial,
  evolve,
  decide,
};
