import { spawn, type ChildProcess } from 'node:child_process';

/** What a git command came to. `exit` is null when it was ended for taking too long. */
export type Ran = {
  readonly exit: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
};

export type GitCommand = {
  readonly args: ReadonlyArray<string>;
  /** The repository, as GIT_DIR; none for commands that only speak to a remote. */
  readonly repository?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
};
export type RunGit = (command: GitCommand) => Promise<Ran>;

type Surroundings = Readonly<Record<string, string | undefined>>;

/** What git, ssh and curl need of the surroundings. Nothing else is let in. */
const taken = [
  ...['PATH', 'HOME', 'TMPDIR', 'SSH_AUTH_SOCK', 'KRB5CCNAME', 'GIT_SSL_CAINFO'],
  ...['http_proxy', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'],
] as const;

const settings = [
  ...['core.hooksPath=/dev/null', 'gc.autoDetach=false', 'credential.helper='],
  ...['http.lowSpeedLimit=1', 'http.lowSpeedTime=60', 'advice.detachedHead=false'],
].flatMap((setting) => ['-c', setting]);

const longestOutput = 64 * 1024 * 1024;

const environment = (surroundings: Surroundings): Readonly<Record<string, string>> => {
  const entries = taken.flatMap((name) => {
    const value = surroundings[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...Object.fromEntries(entries),
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=30',
    LC_ALL: 'C',
  };
};

/** git starts helpers of its own (ssh, remote-https): the whole group has to end. */
const endGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
};

const collect = (
  child: ChildProcess,
  outputs: { out: Array<Buffer>; err: Array<Buffer> },
): void => {
  let length = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= longestOutput) outputs.out.push(chunk);
    else endGroup(child, 'SIGTERM');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    if (outputs.err.length < 1000) outputs.err.push(chunk);
  });
};

/**
 * Runs git without a shell, a prompt, hooks or anybody's configuration, for at most `timeout`
 * milliseconds. Never rejects: a git that cannot be started ends with 127 and says why.
 */
export const runGit =
  (timeout: number, surroundings: Surroundings): RunGit =>
  ({ args, repository, input, env }) =>
    new Promise((resolve) => {
      const child = spawn('git', [...settings, ...args], {
        cwd: '/',
        env: {
          ...environment(surroundings),
          ...(repository === undefined ? {} : { GIT_DIR: repository }),
          ...env,
        },
        stdio: 'pipe',
        detached: true,
      });
      const outputs = { out: new Array<Buffer>(), err: new Array<Buffer>() };
      let isLate = false;
      let lastWord: NodeJS.Timeout | undefined;
      const late = setTimeout(() => {
        isLate = true;
        endGroup(child, 'SIGTERM');
        lastWord = setTimeout(() => endGroup(child, 'SIGKILL'), 2000);
      }, timeout);
      const finish = (exit: number | null, stderr: string): void => {
        clearTimeout(late);
        clearTimeout(lastWord);
        resolve({ exit, stdout: Buffer.concat(outputs.out), stderr });
      };
      collect(child, outputs);
      child.on('error', (error) => finish(127, `git could not be started: ${error.message}`));
      child.on('close', (exit) => {
        const said = Buffer.concat(outputs.err).toString('utf8');
        finish(isLate ? null : (exit ?? 128), isLate ? `no answer within ${timeout} ms` : said);
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(input ?? '');
    });
