import { parseArgs } from 'node:util';
import { startSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';

const USAGE = `A small Fedora on loopback: MBS, Koji, ODCS, Bodhi, dist-git and a message bus.

  node dist/ops/sandbox/cli.js --data <folder> [options]

  --data <folder>     where its world is kept
  --port <n>          port (default 8081; 0 takes any free one)
  --host <address>    address (default 127.0.0.1)
  --fresh             forget the old world and begin a new one
  --pace <seconds>    an invented change every so often (default 0: none)
  --build-time <ms>   how long a module build takes (default 3000)
  --step-time <ms>    how long it stays in init, wait and done (default 200)
  --fail-rate <0..1>  share of builds that fail by themselves (default 0; 0.05 with --pace)
  --token <text>      bearer token that MBS and ODCS want for writing
  --amqp <url>        publish the bus to this RabbitMQ as well
  --with-parent       end when stdin closes
`;

const parsed = () =>
  parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string', default: '8081' },
      host: { type: 'string', default: '127.0.0.1' },
      fresh: { type: 'boolean', default: false },
      pace: { type: 'string', default: '0' },
      'build-time': { type: 'string', default: '3000' },
      'step-time': { type: 'string', default: '200' },
      'fail-rate': { type: 'string' },
      token: { type: 'string' },
      amqp: { type: 'string' },
      'with-parent': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;

type Flags = ReturnType<typeof parsed>;

const complain = (text: string): void => void process.stderr.write(`sandbox: ${text}\n`);

const number = (name: string, text: string, most: number): number => {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= most) return value;
  throw new TypeError(`--${name} is "${text}"; it must be a number from 0 to ${most}`);
};

const brokerUrl = (text: string): string => {
  if (/^amqps?:\/\/./.test(text) && URL.canParse(text)) return text;
  throw new TypeError(
    `--amqp is "${text}"; it must be a URL such as amqp://user:password@host/%2F`,
  );
};

const optionsOf = (flags: Flags, data: string): SandboxOptions => {
  const pace = number('pace', flags.pace, 86_400);
  const failRate = flags['fail-rate'] ?? (pace > 0 ? '0.05' : '0');
  return {
    ...{ data, host: flags.host, fresh: flags.fresh, pace, warn: complain },
    port: number('port', flags.port, 65_535),
    buildTime: number('build-time', flags['build-time'], 86_400_000),
    stepTime: number('step-time', flags['step-time'], 86_400_000),
    failRate: number('fail-rate', failRate, 1),
    ...(flags.token === undefined ? {} : { token: flags.token }),
    ...(flags.amqp === undefined ? {} : { amqp: brokerUrl(flags.amqp) }),
  };
};

const why = (error: unknown, { host, port, data }: Flags): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${host} is taken. Stop what listens there, or choose another with --port.`;
  }
  if (code === 'SQLITE_BUSY') {
    return `another sandbox is running on ${data ?? ''}. Stop it, or give this one a --data folder of its own.`;
  }
  if (code === 'EACCES' || code === 'EROFS') {
    return `${message}. Choose a folder that can be written (--data, now ${data ?? 'unset'}) or another port.`;
  }
  return message;
};

const endWell = (sandbox: Sandbox, withParent: boolean): void => {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void sandbox.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (!withParent) return;
  process.stdin.on('close', end);
  process.stdin.resume();
};

const main = async (flags: Flags): Promise<number | undefined> => {
  if (flags.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (flags.data === undefined) {
    complain('--data <folder> is missing: the folder its world is kept in. --help tells more.');
    return 2;
  }
  try {
    const sandbox = await startSandbox(optionsOf(flags, flags.data));
    endWell(sandbox, flags['with-parent']);
    // a function is no JSON: only the addresses are told
    process.stdout.write(`${JSON.stringify({ sandbox: 'ready', ...sandbox })}\n`);
    return undefined;
  } catch (error) {
    complain(why(error, flags));
    return error instanceof TypeError ? 2 : 1;
  }
};

const flagsOr = (): Flags | undefined => {
  try {
    return parsed();
  } catch (error) {
    complain(`${(error as Error).message} --help tells more.`);
    return undefined;
  }
};

const flags = flagsOr();
const code = flags === undefined ? 2 : await main(flags);
if (code !== undefined) process.exit(code);
