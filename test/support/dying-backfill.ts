// `backfill images`, killed at an append: `dying-backfill.ts <log file> <Koji URL> <event type> <count>`.
import * as TE from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { backfillImagesCommand } from '../../main/commands/backfill.ts';
import { aHandOn } from './a-hand.ts';
import { kojiOf } from './a-koji.ts';

const [file = '', kojiUrl = '', type = '', count = '1'] = process.argv.slice(2);
let left = Number(count);

const mortal = (log: EventLog): EventLog => ({
  ...log,
  append: (stream, expected, events) => async () => {
    const appended = await log.append(stream, expected, events)();
    if (events.some((event) => event.type === type)) left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return appended;
  },
});

process.exitCode = await backfillImagesCommand(
  {
    ...aHandOn({} as EventLog),
    ...{ openLog: () => TE.map(mortal)(openEmbeddedLog({ file })), koji: kojiOf({ kojiUrl }) },
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    ...{ isTerminal: false, clock: () => performance.now() },
  },
  {},
);
