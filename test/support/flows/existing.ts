import { artifact } from '../../../domain/artifact/artifact.ts';
import type { ArtifactCommand } from '../../../domain/artifact/commands.ts';
import {
  artifactParts,
  artifactStream,
  buildNumbers,
  triggerNumbers,
  triggerStream,
} from '../../../domain/stream-names.ts';
import type { Decision } from '../../../domain/trigger/decision.ts';
import type { ModuleStateReading } from '../../../domain/trigger/reading.ts';
import type { TriggerCommand } from '../../../domain/trigger/trigger.ts';
import { trigger } from '../../../domain/trigger/trigger.ts';
import { planWave } from '../../../domain/wave/plan.ts';
import type { Hand } from '../../../event-log/carry-out.ts';
import { carryOut } from '../../../event-log/carry-out.ts';
import { claimFrom } from '../../../sagas/claim-number.ts';
import { must } from '../service.ts';
import type { Existing, ExistingBuild, Scenario } from './recorded.ts';
import { existingModule, keyOf, newestModules } from './recorded.ts';
import type { Permits } from './rules.ts';

const kind = 'MBSModuleStateChangeEvent';

const idOf = (module: string): string => `module:${module}`;
const partsOf = (module: string) => ({ artifact: idOf(module), ...artifactParts(idOf(module)) });

/** The wave of the earlier trigger: what it had built by then, and all that depends on it. */
const waveOf = (
  scenario: Scenario,
  existing: Existing,
  permitted: Permits,
): ReadonlyArray<Decision> => {
  const moduleOf = (name: string): string => existingModule(scenario, name);
  const built = new Set(existing.builds.map(({ name }) => moduleOf(name)));
  return planWave({
    direct: existing.builds
      .filter(({ dep_on }) => dep_on === null)
      .map(({ name }) => ({ ...partsOf(moduleOf(name)), code: 'parent-changed', evidence: {} })),
    edges: [
      ...existing.builds.flatMap(({ name, dep_on }) =>
        dep_on === null ? [] : [{ on: idOf(moduleOf(dep_on)), dependent: idOf(moduleOf(name)) }],
      ),
      ...[...newestModules(scenario).values()].flatMap((module) =>
        module.build_deps.map((dep) => ({ on: idOf(keyOf(dep)), dependent: idOf(keyOf(module)) })),
      ),
    ],
    ...{ trigger: kind, policyVersion: 'earlier' },
    judge: ({ name, branch }) =>
      built.has(`${name}:${branch}`) || permitted(`${name}:${branch}`, kind)
        ? { verdict: 'yes', code: 'allowed', rule: 'earlier' }
        : { verdict: 'no', code: 'not-allowed', rule: null },
  });
};

const states = { DONE: [5, 'ready'], FAILED: [4, 'failed'], BUILD: [2, 'build'] } as const;

/** From planned to how far it was: begun, submitted, and over where the row says so. */
const courseOf = (
  { build_id, name, state_name, dep_on }: ExistingBuild,
  build: number,
  parent: { readonly artifact: string; readonly build: number } | undefined,
  event: { readonly id: string; readonly number: number },
  at: string,
): ReadonlyArray<ArtifactCommand> => {
  const attempt = { build, attempt: 1 } as const;
  const [state, stateName] = states[state_name];
  const freed: ReadonlyArray<ArtifactCommand> =
    parent === undefined
      ? []
      : [
          {
            ...{ type: 'NoteParent', trigger: event.id, parent: parent.artifact },
            answer: { type: 'succeeded', name: dep_on ?? '', build: parent.build },
          },
        ];
  return [
    ...freed,
    {
      ...{ type: 'Start', at, policyVersion: 'earlier', afterTrigger: event.number },
      ...{ denied: [], overdueSince: '' },
    },
    { type: 'PrepareCommit', ...attempt, commit: `existing-${name}`, bumped: true },
    { type: 'Intend', ...attempt, key: `earlier/${build}`, owner: 'earlier', callTimeout: 1000 },
    {
      ...{ type: 'RecordSubmitted', ...attempt, owner: 'earlier', externalIds: [build_id] },
      ...{ found: false, at },
    },
    {
      ...{ type: 'ObserveState', externalId: build_id, state, stateName },
      ...{ stateReason: null, via: 'message', retries: 0, retryAt: at, at },
    },
    { type: 'ConcludeSuccess', build, at },
  ];
};

type Earlier = {
  readonly hand: Hand;
  readonly scenario: Scenario;
  readonly existing: Existing;
  readonly event: { readonly id: string; readonly number: number };
  /** Numbers of the builds recorded so far, by artifact. */
  readonly builds: Map<string, number>;
};

const claimOf = (
  { hand, existing, event }: Earlier,
  { artifact: target, name, branch, reason, code }: Decision,
  waitsFor: ReadonlyArray<string>,
  build: number,
): ArtifactCommand => {
  const { message_id: messageId, search_key: searchKey } = existing.event;
  const at = hand.now();
  const because = `${waitsFor[0]?.split(':')[1] ?? 'an earlier'} update`;
  const cause = { trigger: event.id, number: event.number, kind, searchKey, messageId };
  return {
    ...{ type: 'TakeCause', artifact: target, name, branch, rehearsal: false, waitsFor, build },
    ...{ cause: { ...cause, reason, code, because }, at, notBefore: at },
  };
};

const recordBuild = async (earlier: Earlier, decision: Decision): Promise<void> => {
  const { hand, scenario, existing, event, builds } = earlier;
  const { artifact: target } = decision;
  const artifactOf = (name: string): string => `module:${existingModule(scenario, name)}`;
  const stream = artifactStream('real', target);
  const context = { correlationId: existing.event.message_id };
  const build = must(await claimFrom(hand, buildNumbers)(stream, context));
  builds.set(target, build);
  const tell = async (command: ArtifactCommand) =>
    must(await carryOut(hand)(stream, artifact, context, command));
  const row = existing.builds.find(({ name }) => artifactOf(name) === target);
  if (row === undefined) {
    await tell(claimOf(earlier, decision, decision.waitsFor, build));
    return;
  }
  const parent = row.dep_on === null ? undefined : artifactOf(row.dep_on);
  await tell(claimOf(earlier, decision, parent === undefined ? [] : [parent], build));
  const freedBy =
    parent === undefined ? undefined : { artifact: parent, build: builds.get(parent) ?? 0 };
  for (const command of courseOf(row, build, freedBy, event, hand.now())) await tell(command);
};

/** Puts an earlier event and its builds on record, by the commands that make them. */
export const recordExisting = async (
  hand: Hand,
  scenario: Scenario,
  permitted: Permits,
): Promise<void> => {
  const { existing } = scenario;
  if (existing === undefined) return;
  const { message_id: messageId, search_key: searchKey } = existing.event;
  const context = { correlationId: messageId };
  const id = `existing:${messageId}`;
  const stream = triggerStream('real', id);
  const number = must(await claimFrom(hand, triggerNumbers)(stream, context));
  const reading: ModuleStateReading = {
    ...{ kind, id, searchKey, buildId: 0, name: searchKey, stream: '', version: null },
    ...{ context: null, state: 5, stateName: 'ready', stateReason: null, commit: null },
  };
  const decisions = waveOf(scenario, existing, permitted);
  const tell = async (command: TriggerCommand) =>
    must(await carryOut(hand)(stream, trigger, context, command));
  await tell({
    ...{ type: 'Notice', number, trigger: id, rehearsal: false, messageId, reading },
    ...{ messageStream: `message-${messageId}`, sentAt: hand.now() },
  });
  await tell({ type: 'RecordDecisions', policyVersion: 'earlier', decisions });
  const earlier = { hand, scenario, existing, event: { id, number }, builds: new Map() };
  for (const decision of decisions.filter(({ verdict }) => verdict === 'yes')) {
    await recordBuild(earlier, decision);
  }
  await tell({ type: 'Launch' });
};
