import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Killable } from '../support/killable.ts';

export type Command = {
  readonly args: ReadonlyArray<string>;
  readonly env: Readonly<Record<string, string>>;
  /** Everything it says goes to this file. */
  readonly logFile: string;
  /** Answers once it is at work. */
  readonly readyUrl: string;
};

const patience = 60_000;

const answers = async (url: string): Promise<boolean> => {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(3000) });
    return status < 500;
  } catch {
    return false; // not yet
  }
};

const ended = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

/** A process of ours, started and taken away at will. It is not started yet. */
export const childOf = ({ args, env, logFile, readyUrl }: Command): Killable => {
  let child: ChildProcess | undefined;
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const leaving = child;
    if (leaving === undefined || ended(leaving)) return;
    const gone = once(leaving, 'exit');
    leaving.kill(signal);
    await gone;
  };
  const start = async (): Promise<void> => {
    const output = openSync(logFile, 'a');
    const { PATH = '', HOME = '' } = process.env;
    const options = { env: { PATH, HOME, ...env }, stdio: ['ignore', output, output] as const };
    const begun = spawn(process.execPath, [...args], { ...options, stdio: [...options.stdio] });
    child = begun;
    const until = performance.now() + patience;
    while (!(await answers(readyUrl))) {
      if (ended(begun)) throw new Error(`${args.join(' ')} has ended; see ${logFile}`);
      if (performance.now() > until) throw new Error(`${readyUrl} does not answer; see ${logFile}`);
      await pause(100);
    }
  };
  return { start, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
};
