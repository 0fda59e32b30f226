import type { Command } from 'commander';
import type { Config } from '../config/settings.ts';
import type { Roles } from '../serve.ts';
import type { Global, Serving } from './context.ts';
import { complain, withConfig } from './context.ts';

type Sandboxed = Serving & {
  readonly sandbox: boolean;
  readonly sandboxPort: string;
  readonly pace: string;
  readonly fresh: boolean;
};

const listening = (command: Command): Command =>
  command
    .option('--host <address>', 'address of the API (default 127.0.0.1)')
    .option('--port <n>', 'port of the API (default 8080)');

/** Loaded when it is needed: commands that only ask start without it. */
const serve = async (config: Config, roles: Roles): Promise<number> =>
  (await import('../serve.ts')).serve(config, roles);

const faultsOf = ({ sandboxPort, pace }: Sandboxed): ReadonlyArray<string> => {
  const port = Number(sandboxPort);
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535;
  const isPace = Number(pace) >= 0;
  return [
    ...(isPort
      ? []
      : [`--sandbox-port is "${sandboxPort}"; it must be a whole number from 0 to 65535`]),
    ...(isPace ? [] : [`--pace is "${pace}"; it must be a number of seconds`]),
  ];
};

const serveAction = async (options: Sandboxed, globals: Global): Promise<void> => {
  const { sandbox, sandboxPort, pace, fresh } = options;
  const faults = faultsOf(options);
  if (faults.length > 0) {
    complain(faults);
    return;
  }
  const wanted = { port: Number(sandboxPort), pace: Number(pace), fresh };
  await withConfig({ ...globals, ...options }, (config) =>
    serve(config, { backend: true, frontend: true, sandbox: sandbox ? wanted : null }),
  );
};

/** `serve`, `backend`, `frontend`: the service in its roles. */
export const servingCommands = (program: Command): void => {
  const globals = (): Global => program.opts<Global>();
  listening(program.command('serve'))
    .description('run everything in one process, on a sandbox distribution unless told otherwise')
    .option('--no-sandbox', 'start empty, on the services that the configuration names')
    .option('--sandbox-port <n>', 'port of the sandbox', '8081')
    .option('--pace <seconds>', 'an invented change every so often', '4')
    .option('--fresh', 'wipe the sandbox with its log and begin anew', false)
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker serve\n  freshmaker serve --no-sandbox --port 9000\n  freshmaker serve --fresh --pace 1',
    )
    .action((options: Sandboxed) => serveAction(options, globals()));
  program
    .command('backend')
    .description('run ingest, sagas and projectors only')
    .addHelpText(
      'after',
      '\nSeveral backends may share a log.\n\nExamples:\n  freshmaker backend --data /var/lib/freshmaker\n  FRESHMAKER_FEED_URL=https://bus.example.org/feed freshmaker backend',
    )
    .action(() =>
      withConfig(globals(), (config) =>
        serve(config, { backend: true, frontend: false, sandbox: null }),
      ),
    );
  listening(program.command('frontend'))
    .description('run the query API only')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker frontend --data /var/lib/freshmaker --host 0.0.0.0 --port 80',
    )
    .action((options: Serving) =>
      withConfig({ ...globals(), ...options }, (config) =>
        serve(config, { backend: false, frontend: true, sandbox: null }),
      ),
    );
};
