import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../event-log/event-log.ts';
import { hashOf } from '../event-log/seal.ts';
import { openIdLedger } from './id-ledger.ts';

export type FaultCode =
  /** The event is not what was sealed. */
  | 'altered'
  /** The event does not follow the one before it in its stream: something was replaced or left out. */
  | 'unlinked'
  | 'revision-gap'
  /** The order of the log is not the order it was given in. */
  | 'out-of-order'
  /** One stream holds an id twice: an append was repeated at a newer revision. */
  | 'id-twice'
  /** This and what follows could not be read. */
  | 'unreadable'
  /** An exported file is not, byte for byte, what its closing line says it is. */
  | 'file-altered'
  /** An exported file lacks its closing line. */
  | 'incomplete';

export type Fault = {
  readonly code: FaultCode;
  /** `<stream>@<revision>` of the event, or what is known of the place. */
  readonly at: string;
  readonly position?: string;
  /** In an exported file, from 1. */
  readonly line?: number;
  readonly reason: string;
};

/** What came of walking the whole record. `faults` holds the first thousand; `faultCount` counts all. */
export type Verdict = {
  readonly events: number;
  readonly streams: number;
  /** SHA-256 over stream, revision and hash of every event in order: compare it with an older one's. */
  readonly digest: string;
  readonly faultCount: number;
  readonly firstFault?: Fault;
  readonly faults: ReadonlyArray<Fault>;
};

export type Walk = {
  readonly look: (event: RecordedEvent, line?: number) => void;
  readonly report: (fault: Fault) => void;
  readonly verdict: () => Verdict;
};

type Before = { readonly revision: number; readonly hash: string };
type Finding = Pick<Fault, 'code' | 'reason'>;

const keptFaults = 1000;

const linkFinding = (event: RecordedEvent, before: Before | undefined): Finding | undefined => {
  const next = before === undefined ? 0 : before.revision + 1;
  if (event.revision !== next) {
    return {
      code: 'revision-gap',
      reason: `revision ${event.revision} stands where ${next} is due`,
    };
  }
  const { prev } = event.metadata;
  const due = before?.hash ?? null;
  return prev === due
    ? undefined
    : {
        code: 'unlinked',
        reason: `it follows ${String(prev)}, but before it stands ${String(due)}`,
      };
};

const sealFinding = (event: RecordedEvent): Finding | undefined => {
  const computed = hashOf(event.stream, event.revision, event);
  return event.metadata.hash === computed
    ? undefined
    : {
        code: 'altered',
        reason: `its hash is ${computed}, it was sealed with ${event.metadata.hash}`,
      };
};

const present = <A>(value: A | undefined): value is A => value !== undefined;

/**
 * Walks events in log order and notes every broken link. Keeps revision and hash of each stream and
 * eight bytes of each id, so a log of any length can be walked.
 */
export const openWalk = (): Walk => {
  const heads = new Map<string, Before>();
  const ids = openIdLedger();
  const digest = createHash('sha256');
  const faults: Array<Fault> = [];
  let faultCount = 0;
  let events = 0;
  let last = '';

  const report = (fault: Fault): void => {
    faultCount += 1;
    if (faults.length < keptFaults) faults.push(fault);
  };
  const orderFinding = ({ position }: RecordedEvent): Finding | undefined =>
    position > last
      ? undefined
      : { code: 'out-of-order', reason: `position ${position} comes after ${last}` };
  const idFinding = ({ stream, id }: RecordedEvent): Finding | undefined =>
    ids.note(stream, id)
      ? undefined
      : { code: 'id-twice', reason: `the stream held an event with the id ${id} before` };

  const look: Walk['look'] = (event, line) => {
    const { stream, revision, position, metadata } = event;
    const at = `${stream}@${revision}`;
    const place = { at, position, ...(line === undefined ? {} : { line }) };
    const findings = [
      orderFinding(event),
      linkFinding(event, heads.get(stream)),
      sealFinding(event),
      idFinding(event),
    ];
    for (const finding of findings.filter(present)) report({ ...finding, ...place });
    heads.set(stream, { revision, hash: metadata.hash });
    digest.update(`${stream}\n${revision}\n${metadata.hash}\n`);
    events += 1;
    last = position;
  };

  const verdict = (): Verdict => {
    const [firstFault] = faults;
    return {
      events,
      streams: heads.size,
      digest: digest.copy().digest('hex'),
      faultCount,
      ...(firstFault === undefined ? {} : { firstFault }),
      faults,
    };
  };
  return { look, report, verdict };
};
