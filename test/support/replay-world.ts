import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { ReplayDeps, ReplayOptions } from '../../main/commands/replay.ts';
import { replayCommand } from '../../main/commands/replay.ts';
import { aFolder } from './ingest-world.ts';
import { join } from 'node:path';

export type Run = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** The replay command over one log in a folder of its own. */
export const aReplay = (t: ExecutionContext, changes: Partial<ReplayDeps> = {}) => {
  const file = join(aFolder(t), 'log.db');
  const run = async (
    inputs: ReadonlyArray<string>,
    options: ReplayOptions = {},
    stdin = '',
  ): Promise<Run> => {
    const written = { stdout: '', stderr: '' };
    const code = await replayCommand({
      openLog: () => openEmbeddedLog({ file }),
      stdin: Readable.from([Buffer.from(stdin)]),
      stdout: (text) => (written.stdout += text),
      stderr: (text) => (written.stderr += text),
      isTerminal: false,
      clock: () => 0,
      newId: randomUUID,
      now: () => new Date().toISOString(),
      actor: 'replay',
      codeVersion: '0.0.0',
      ...changes,
    })(inputs, options);
    return { code, ...written };
  };
  return { file, run };
};

/** The objects `--json` printed. */
export const objectsIn = ({ stdout }: Run): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
