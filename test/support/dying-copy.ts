// `log copy`, killed at its n-th append: `dying-copy.ts <from file> <to file> <n> <before|after>`.
import * as TE from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { logCopy } from '../../main/commands/log-copy.ts';

const [from = '', to = '', count = '1', when = 'after'] = process.argv.slice(2);
let left = Number(count);

const die = (): void => void process.kill(process.pid, 'SIGKILL');

const mortal = (log: EventLog): EventLog => ({
  ...log,
  append: (stream, expected, events) => async () => {
    left -= 1;
    if (left === 0 && when === 'before') die();
    const appended = await log.append(stream, expected, events)();
    if (left === 0) die();
    return appended;
  },
});

process.exitCode = await logCopy(
  {
    openSource: openEmbeddedLog({ file: from }),
    openTarget: TE.map(mortal)(openEmbeddedLog({ file: to })),
    stdout: () => Promise.resolve(),
    ...{ stderr: (text) => void process.stderr.write(text), isTerminal: false },
    clock: () => performance.now(),
  },
  {},
);
