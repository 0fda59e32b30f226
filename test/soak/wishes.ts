import { parseArgs } from 'node:util';

export const usage = `The whole stack on the sandbox, under load, while its parts are killed (kill -9) one after another:
RabbitMQ, MongoDB, the event store, each of two backends, the sandbox's services.

  npm run soak -- [options]

  --short            one round, the form CI runs
  --rounds <n>       rounds of kills (default 5)
  --every <ms>       a change every so often (default 400, short 1000)
  --down <seconds>   how long each stays away (default 3)
  --seed <n>         of what is changed (default 1)
  --folder <path>    where all of it is kept, logs too; kept afterwards (default: a new one, removed)

It needs RabbitMQ (FRESHMAKER_TEST_RABBITMQ or rabbitmq-server) and mongod (MONGOMS_SYSTEM_BINARY); the
event store is the stand-in of the tests, a process of its own that keeps its data on disk.
Exit codes: 0 every promise kept, 1 one broken, 2 wrong use.
`;

export type Course = {
  readonly rounds: number;
  readonly every: number;
  readonly down: number;
  readonly seed: number;
};

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && text.trim() !== '') return value;
  throw new TypeError(`--${name} is "${text}"; it must be a number from 0 on`);
};

const options = {
  short: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '5' },
  every: { type: 'string' },
  down: { type: 'string', default: '3' },
  seed: { type: 'string', default: '1' },
  folder: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** What the command line asks for. Throws TypeError with a sentence where it makes no sense. */
export const wishesOf = (
  args: ReadonlyArray<string>,
): { readonly course: Course | 'help'; readonly folder: string | undefined } => {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) return { course: 'help', folder: undefined };
  const course = {
    rounds: values.short ? 1 : number('rounds', values.rounds),
    every: number('every', values.every ?? (values.short ? '1000' : '400')),
    down: number('down', values.down),
    seed: number('seed', values.seed),
  };
  return { course, folder: values.folder };
};
