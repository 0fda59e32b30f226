import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { PolicyInForce, VersionedPolicy } from '../../domain/policy/current.ts';
import { policyInForce } from '../../domain/policy/current.ts';
import { policyStream } from '../../domain/policy/events.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import { carryOut, decodeRecorded } from '../../event-log/carry-out.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import { policyInWords } from '../policy/in-words.ts';
import { faultInWords, loadPolicy } from '../policy/load-policy.ts';
import type { PolicyFault } from '../policy/read-policy-file.ts';

type Output = (text: string) => void;

/** What the policy commands work with; `openLog` is called by those alone that need the log. */
export type PolicyDeps = {
  readonly openLog: () => TaskEither<LogFailure, EventLog>;
  readonly stdout: Output;
  readonly stderr: Output;
} & Pick<Hand, 'newId' | 'now' | 'codeVersion'>;

type Json = { readonly json?: boolean };
const done = 0;
const wrongUse = 2;
const unreachable = 4;

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

const refuse = (
  { stdout, stderr }: Pick<PolicyDeps, 'stdout' | 'stderr'>,
  file: string,
  faults: ReadonlyArray<PolicyFault>,
  { json }: Json,
): number => {
  if (json === true) stdout(line({ file, sound: false, faults }));
  else stderr(faults.map((fault) => `${faultInWords(fault)}\n`).join(''));
  return wrongUse;
};

/** `policy check <file>`: tells every fault (exit 2), or what the rules say in words (exit 0). */
export const policyCheck =
  (deps: Pick<PolicyDeps, 'stdout' | 'stderr'>) =>
  async (file: string, options: Json): Promise<number> => {
    const read = await loadPolicy(file);
    if (E.isLeft(read)) return refuse(deps, file, read.left, options);
    const { version, policy } = read.right;
    if (options.json === true) deps.stdout(line({ file, sound: true, version, policy }));
    else deps.stdout(`${file} is sound. ${policyInWords(read.right)}`);
    return done;
  };

const withLog = async (deps: PolicyDeps, use: (log: EventLog) => Promise<number>) => {
  const log = await deps.openLog()();
  if (E.isLeft(log)) {
    deps.stderr(`The log cannot be opened (${log.left.code}): ${log.left.reason}\n`);
    return unreachable;
  }
  try {
    return await use(log.right);
  } finally {
    await log.right.close();
  }
};

/** Who adopts a policy, and what for: both are recorded. */
export type Adoption = { readonly by: string; readonly why: string };

/**
 * Lets a policy hold from now on; the events are none when its version was in force already. The
 * state answered names the version it replaced.
 */
export const adoptPolicy =
  (hand: Hand) =>
  ({ version, text, policy }: VersionedPolicy, { by, why }: Adoption) =>
    carryOut(hand)(
      policyStream,
      policyInForce,
      { correlationId: `policy:${version}` },
      { type: 'AdoptPolicy', version, text, policy, by, why },
    );

const outcome = (inForce: PolicyInForce | undefined, changed: boolean) => ({
  version: inForce?.version ?? null,
  replaced: inForce?.replaced ?? null,
  changed,
});

const outcomeInWords = ({ version, replaced, changed }: ReturnType<typeof outcome>): string => {
  if (!changed) return `Policy ${version ?? ''} is already in force; nothing was recorded.\n`;
  const instead =
    replaced === null ? 'as the first policy of this log' : `and replaces ${replaced}`;
  return `Policy ${version ?? ''} is in force, ${instead}.\n`;
};

const failed = (deps: PolicyDeps, what: string, failure: { readonly code: string }): number => {
  const reason = 'reason' in failure ? String(failure.reason) : JSON.stringify(failure);
  deps.stderr(`The policy was not ${what} (${failure.code}): ${reason}\n`);
  return failure.code === 'too-large' ? wrongUse : unreachable;
};

/** `policy apply <file>`: records the policy as adopted, unless it is in force already. */
export const policyApply =
  (deps: PolicyDeps) =>
  async (file: string, options: Json & Adoption): Promise<number> => {
    const { by, why } = options;
    if (by.trim() === '' || why.trim() === '') {
      deps.stderr('Say who adopts the policy and why: --by <who> --why <text>.\n');
      return wrongUse;
    }
    const read = await loadPolicy(file);
    if (E.isLeft(read)) return refuse(deps, file, read.left, options);
    return withLog(deps, async (log) => {
      const { newId, now, codeVersion } = deps;
      const hand: Hand = { log, newId, now, codeVersion, actor: by };
      const adopted = await adoptPolicy(hand)(read.right, { by, why });
      if (E.isLeft(adopted)) return failed(deps, 'adopted', adopted.left);
      const told = outcome(adopted.right.state, adopted.right.events.length > 0);
      deps.stdout(options.json === true ? line(told) : outcomeInWords(told));
      return done;
    });
  };

/** `policy show`: the policy in force, who adopted it, when and why, and its text. */
export const policyShow =
  (deps: PolicyDeps) =>
  ({ json }: Json): Promise<number> =>
    withLog(deps, async (log) => {
      const last = await log.last(policyStream)();
      if (E.isLeft(last)) return failed(deps, 'found', last.left);
      if (last.right === undefined) {
        deps.stderr('No policy was adopted yet: freshmaker policy apply <file>.\n');
        return wrongUse;
      }
      const event = decodeRecorded(last.right);
      if (E.isLeft(event)) return failed(deps, 'understood', event.left);
      if (event.right.type !== 'PolicyAdopted') throw new Error('a stranger in the policy stream');
      const { version, text, policy, by, why } = event.right;
      const adopted = { version, text, policy, by, why };
      const at = last.right.metadata.recordedAt;
      const heading = `# Adopted by ${adopted.by} at ${at}: ${adopted.why}\n`;
      const words = `# ${policyInWords(adopted).trimEnd().replaceAll('\n', '\n# ')}\n`;
      deps.stdout(json === true ? line({ ...adopted, at }) : heading + words + adopted.text);
      return done;
    });
