import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json, JsonObject } from '../../../domain/json.ts';

export type Answer = { readonly status?: number; readonly id?: number; readonly error?: string };
type Details = {
  readonly name?: string;
  readonly branch?: string;
  readonly message?: string;
  readonly json?: { readonly scmurl: string; readonly branch: string };
  readonly answer?: Answer | string | null;
};
/** Whom it asked, for what, with what, and what it was answered. */
export type Call = readonly [string, string, Details];

export type Message = { readonly msg_id: string; readonly topic: string; readonly msg: JsonObject };
export type Step = { readonly message: Message; readonly calls: ReadonlyArray<Call> };

export type WorldModule = {
  readonly name: string;
  readonly stream: string;
  readonly version: string;
  readonly active?: boolean;
  readonly build_deps: ReadonlyArray<{ readonly name: string; readonly stream: string }>;
  readonly rpms: ReadonlyArray<{ readonly name: string; readonly branch: string }>;
};

export type StateName = 'BUILD' | 'DONE' | 'FAILED';
export type ExistingBuild = {
  readonly name: string;
  readonly build_id: number;
  readonly dep_on: string | null;
  readonly type: string;
  readonly state_name: StateName;
};
export type Existing = {
  readonly event: { readonly message_id: string; readonly search_key: string };
  readonly builds: ReadonlyArray<ExistingBuild>;
};

export type FinalEvent = {
  readonly id: number;
  readonly message_id: string;
  readonly search_key: string;
  readonly event_type_id: number;
};
export type FinalBuild = {
  readonly id: number;
  readonly event_id: number;
  readonly name: string;
  readonly state_name: StateName;
  readonly build_id: number;
  readonly dep_on_id: number | null;
};

/** Rules of the original by handler (or `global`), then by artifact type. */
export type Rules = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** What the original was given and did, step by step, and the rows it had in the end. */
export type Scenario = {
  readonly name: string;
  readonly allow: Rules;
  readonly block: Rules;
  readonly world: { readonly pdc_modules?: ReadonlyArray<WorldModule> };
  readonly existing?: Existing;
  readonly steps: ReadonlyArray<Step>;
  readonly final: {
    readonly events: ReadonlyArray<FinalEvent>;
    readonly builds: ReadonlyArray<FinalBuild>;
  };
};

export type Recording = {
  readonly settings: { readonly git_base_url: string };
  readonly scenarios: ReadonlyArray<Scenario>;
};

const folder = process.env['FRESHMAKER_CONTRACT'] ?? '../shared/contract';
export const recordingFile = resolve(folder, 'fedora-flows.json');

export const readRecording = (file: string): Recording | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recording) : undefined;

/** The state of a module build a message tells of; undefined for every other message. */
export const moduleStateOf = ({
  topic,
  msg,
}: Message):
  | { readonly id: number; readonly name: string; readonly stream: string; readonly state: number }
  | undefined => {
  if (!topic.endsWith('.mbs.module.state.change')) return undefined;
  const { id, name, stream, state } = msg as Readonly<Record<string, string | number>>;
  return { id: Number(id), name: String(name), stream: String(stream), state: Number(state) };
};

export type PushedCommit = {
  readonly namespace: string;
  readonly repo: string;
  readonly branch: string;
  readonly rev: string;
};

export const commitOf = ({ topic, msg }: Message): PushedCommit | undefined =>
  topic.endsWith('.git.receive') ? (msg['commit'] as PushedCommit) : undefined;

const isOfModules = (message: Message): boolean => {
  const namespace = commitOf(message)?.namespace;
  return moduleStateOf(message) !== undefined || namespace === 'rpms' || namespace === 'modules';
};

/** Whether a scenario concerns git and MBS alone: no image, no advisory. */
export const isModuleFlow = ({ steps, existing }: Scenario): boolean =>
  steps.every(({ message }) => isOfModules(message)) &&
  (existing?.builds ?? []).every(({ type }) => type === 'MODULE');

export const keyOf = (module: { readonly name: string; readonly stream: string }): string =>
  `${module.name}:${module.stream}`;

/** The newest version of every module stream, which is the one that counts. */
export const newestModules = ({ world }: Scenario): ReadonlyMap<string, WorldModule> => {
  const newest = new Map<string, WorldModule>();
  for (const module of world.pdc_modules ?? []) {
    const known = newest.get(keyOf(module));
    if (module.active === false || (known && known.version >= module.version)) continue;
    newest.set(keyOf(module), module);
  }
  return newest;
};

/** An existing build's module: its stream is told by a message of it, by the world, or by none. */
export const existingModule = (scenario: Scenario, name: string): string => {
  const id = scenario.existing?.builds.find((build) => build.name === name)?.build_id;
  const told = scenario.steps.flatMap(({ message }) => moduleStateOf(message) ?? []);
  const own = told.find((state) => state.id === id && state.name === name);
  const known = scenario.world.pdc_modules?.find((module) => module.name === name);
  return `${name}:${(own ?? known ?? told[0])?.stream ?? 'master'}`;
};
