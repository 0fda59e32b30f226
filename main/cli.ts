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
