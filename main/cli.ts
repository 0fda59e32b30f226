#!/usr/bin/env node
import { CommanderError } from 'commander';
import { programOf } from './cli/program.ts';
import { exit } from './commands/exit-codes.ts';

// Whoever read us has had enough (`| head`): nothing is wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exit.done);
});

try {
  await programOf().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exit.done : exit.usage;
}

// A connection that some library keeps half open must not keep a finished command alive.
const leave = (): void => {
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
};
setInterval(leave, 2000).unref();
