import type { Command } from 'commander';
import { programOf } from '../../main/cli/program.ts';

const optionsOf = (command: Command): ReadonlyArray<string> =>
  command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag != null);

const inherited = (command: Command): ReadonlyArray<string> => [
  ...optionsOf(command),
  ...(command.parent === null ? ['--help', '--version'] : inherited(command.parent)),
];

const find = (
  command: Command,
  words: ReadonlyArray<string>,
): readonly [Command, ReadonlyArray<string>] => {
  const [first, ...rest] = words;
  const next = command.commands.find((one) => one.name() === first);
  return next === undefined ? [command, words] : find(next, rest);
};

/** What is wrong with a command line of freshmaker (its name left out); empty where nothing is. */
export const wrongWith = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [command, rest] = find(programOf(), words);
  if (command.commands.length > 0) return [`there is no command ${words.slice(0, 2).join(' ')}`];
  const flags = rest.filter((word) => word.startsWith('-') && word !== '-');
  const unknown = flags.filter((flag) => !inherited(command).includes(flag.split('=')[0] ?? ''));
  const given = rest.filter((word) => !word.startsWith('-') || word === '-').length;
  const least = command.registeredArguments.filter(({ required }) => required).length;
  return [
    ...unknown.map((flag) => `${words.join(' ')}: there is no option ${flag}`),
    ...(given < least ? [`${words.join(' ')}: it takes ${least} arguments`] : []),
  ];
};
