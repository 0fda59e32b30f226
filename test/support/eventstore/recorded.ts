import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './exchanges.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = resolve(root, process.env['FRESHMAKER_CONTRACT'] ?? '../shared/contract');

/** Where the recording is looked for. */
export const recording = join(folder, 'eventstore-exchanges.json');

/** The recorded scenarios; none where the recording is not there. */
export const scenarios: ReadonlyArray<Scenario> = existsSync(recording)
  ? (JSON.parse(readFileSync(recording, 'utf8')) as { scenarios: ReadonlyArray<Scenario> })
      .scenarios
  : [];

/** One scenario by its name; undefined where the recording is not there. */
export const scenarioOf = (name: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.name === name);
