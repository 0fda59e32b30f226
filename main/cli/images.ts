import type { Command } from 'commander';
import type { ComposesList } from '../commands/composes.ts';
import { composesList, composesShow } from '../commands/composes.ts';
import type { ImagesList } from '../commands/images.ts';
import { imagesList } from '../commands/images.ts';
import { becomes, lists } from './asking-options.ts';
import type { Served } from './context.ts';
import { askingWith } from './context.ts';

/** `images` and `composes`: what images hold and held, and what they were built with. */
export const imageCommands = (program: Command): void => {
  lists(program.command('images'))
    .description('list images on record, or those that ever held a package')
    .option('--package <name>', 'images that ever held an RPM of this name')
    .option('--source <name>', 'images that ever held an RPM of this source package')
    .option('--now', 'of these, only images whose newest build holds it', false)
    .option('--name <name>', 'the exact name')
    .option('--branch <branch>', 'the exact branch')
    .option('--nvr <nvr>', 'the exact NVR of the newest build')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker images --package openssl-libs\n  freshmaker images --source openssl --branch f28 --now --json',
    )
    .action((options: ImagesList & Served) => becomes(imagesList(askingWith(options), options)));
  lists(program.command('composes'))
    .argument('[id]', 'one compose, by its id in ODCS, with every image it went into')
    .description('list disposable repositories: made of which builds, used by which')
    .option('--event <id>', 'of this event only')
    .option('--state <name>', 'wanted, requested, ready, expired, failed, given-up or released')
    .option('--nvr <nvr>', 'made of this signed build')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker composes\n  freshmaker composes --nvr openssl-1.1.1-1.fc28\n  freshmaker composes 4242',
    )
    .action((id: string | undefined, options: ComposesList & Served) => {
      const deps = askingWith(options);
      return becomes(
        id === undefined ? composesList(deps, options) : composesShow(deps, id, options),
      );
    });
};
