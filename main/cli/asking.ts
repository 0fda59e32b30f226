import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { BuildsList } from '../commands/builds.ts';
import { buildsList, buildsShow } from '../commands/builds.ts';
import type { EventsList } from '../commands/events.ts';
import { eventsList, eventsShow } from '../commands/events.ts';
import { buildsWatch } from '../commands/watch.ts';
import type { Watch } from '../commands/watch.ts';
import { why } from '../commands/why.ts';
import type { WhyNot } from '../commands/why-not.ts';
import { whyNot } from '../commands/why-not.ts';
import { now } from '../identity.ts';
import type { NameTable } from '../../query-api/names/tables.ts';
import { buildStateTable, eventStateTable } from '../../query-api/names/tables.ts';
import type { Served } from './context.ts';
import { asks, becomes, lists } from './asking-options.ts';
import { askingWith, interruption } from './context.ts';
import { imageCommands } from './images.ts';

type Json = { readonly json: boolean };

const stateOf =
  ({ items, idOf }: NameTable) =>
  (text: string): string => {
    if (idOf(text) !== undefined || items.some(({ id }) => String(id) === text)) return text;
    const names = items.map(({ name }) => name.toLowerCase()).join(', ');
    throw new InvalidArgumentError(`Write one of ${names}.`);
  };

const seconds = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('Write a number of seconds above 0.');
};

const eventCommands = (program: Command): void => {
  const events = program
    .command('events')
    .description('changes that were noticed')
    .addHelpText('after', '\nExamples:\n  freshmaker events list\n  freshmaker events show 7');
  lists(events.command('list'))
    .description('list events, the newest first')
    .option(
      '--state <name>',
      'initialized, building, complete, failed, skipped or canceled',
      stateOf(eventStateTable),
    )
    .option('--search-key <key>', 'the exact search key')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker events list --state failed\n  freshmaker events list --json --limit 100 | jq .items[].search_key',
    )
    .action((options: EventsList & Served) => becomes(eventsList(askingWith(options), options)));
  asks(events.command('show'))
    .description('show an event, what was decided for it, and its builds')
    .argument('<id>', 'an id, a message id or a search key')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker events show 7\n  freshmaker events show 2018-3c7b0e7e-5f0c-4b5e-9f52-0d6c1a2b3c4d',
    )
    .action((id: string, options: Json & Served) =>
      becomes(eventsShow(askingWith(options), id, options)),
    );
};

const buildArgument = 'an id, an NVR, name:stream, a message id or a search key';

const buildCommands = (program: Command): void => {
  const builds = program
    .command('builds')
    .description('rebuilds: foreseen, under way and done')
    .addHelpText('after', '\nExamples:\n  freshmaker builds list\n  freshmaker builds watch 12');
  lists(builds.command('list'))
    .description('list builds, the newest first')
    .option('--state <name>', 'planned, build, done, failed or canceled', stateOf(buildStateTable))
    .option('--name <name>', 'the exact name')
    .option('--event <id>', 'builds that answer this event')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker builds list --state failed\n  freshmaker builds list --event 7 --json',
    )
    .action((options: BuildsList & Served) => becomes(buildsList(askingWith(options), options)));
  asks(builds.command('show'))
    .description('show a build and every try at it')
    .argument('<id>', buildArgument)
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker builds show 12\n  freshmaker builds show nodejs:20',
    )
    .action((id: string, options: Json & Served) =>
      becomes(buildsShow(askingWith(options), id, options)),
    );
  asks(builds.command('watch'))
    .description('follow a build until it is finished, or all builds until Ctrl-C')
    .argument('[id]', `${buildArgument}; all builds when left out`)
    .option('--nowait', 'tell how it is now, and go', false)
    .option('--every <seconds>', 'time between two looks', seconds, 2)
    .addHelpText(
      'after',
      '\nEnds with 0 when it was built, 1 when it failed or was cancelled. --json prints one object a change.\n\nExamples:\n  freshmaker builds watch 12 && echo built\n  freshmaker builds watch',
    )
    .action((id: string | undefined, options: WatchOptions) => {
      const { json, nowait, every } = options;
      const deps = { ...askingWith(options), now, signal: interruption() };
      const watch: Watch = { json, every, wait: !nowait };
      return becomes(buildsWatch(deps, id, watch));
    });
};

type WatchOptions = Json & Served & { readonly nowait: boolean; readonly every: number };

/** `events`, `builds`, `images`, `composes`, `why` and `why-not`: questions to a service that runs. */
export const askingCommands = (program: Command): void => {
  eventCommands(program);
  buildCommands(program);
  imageCommands(program);
  asks(program.command('why'))
    .description('tell what led to a build, back to the message, and where that is on record')
    .argument('<build>', buildArgument)
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker why 12\n  freshmaker why nodejs:20 --json | jq .causes',
    )
    .action((build: string, options: Json & Served) =>
      becomes(why(askingWith(options), build, options)),
    );
  asks(program.command('why-not'))
    .description('tell what was decided against an artifact, or why it never came up')
    .argument('<artifact>', 'name:stream of a module, image:name:branch, or NVR of an image')
    .option('--event <id>', 'for one event only: its id, message id or search key')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker why-not nodejs:20\n  freshmaker why-not httpd-1-7 --event 7',
    )
    .action((artifact: string, options: WhyNot & Served) =>
      becomes(whyNot(askingWith(options), artifact, options)),
    );
};
