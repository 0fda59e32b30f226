import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

const whole = (least: number) => (text: string) => {
  if (/^\d+$/.test(text) && Number(text) >= least) return text;
  throw new InvalidArgumentError(`Write a whole number from ${least}.`);
};

/** A command that asks a service. */
export const asks = (command: Command): Command =>
  command
    .option(
      '--url <url>',
      'where the service answers (default FRESHMAKER_URL or http://127.0.0.1:8080)',
    )
    .option('--json', 'as JSON', false);

/** A command that lists, a page at a time. */
export const lists = (command: Command): Command =>
  asks(command)
    .option('--limit <n>', 'rows a page, at most 1000', whole(1), '20')
    .option('--page <n>', 'which page, the newest first', whole(1), '1');

/** The code that a command ends with. */
export const becomes = async (code: Promise<number>): Promise<void> => {
  process.exitCode = await code;
};
