import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

export type GitResult = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** What git sees of the environment: nothing of the user's own settings. */
export const gitEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
  GIT_CONFIG_KEY_1: 'core.quotePath',
  GIT_CONFIG_VALUE_1: 'false',
});

const collected = async (child: ChildProcessWithoutNullStreams): Promise<GitResult> =>
  new Promise((resolve, reject) => {
    const out: Array<Buffer> = [];
    const err: Array<Buffer> = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined); // git may end before it has read everything
    child.on('error', reject);
    child.on('close', (code) => {
      const text = (chunks: ReadonlyArray<Buffer>): string => Buffer.concat(chunks).toString();
      resolve({ code: code ?? 128, stdout: text(out), stderr: text(err) });
    });
  });

/** Runs git in a bare repository and answers its exit code and output, whatever the code. */
export const runGit = async (
  folder: string,
  args: ReadonlyArray<string>,
  input = '',
): Promise<GitResult> => {
  const child = spawn('git', [`--git-dir=${folder}`, ...args], { env: gitEnvironment() });
  child.stdin.end(input);
  return collected(child);
};

/** Runs git and answers its output; anything but success is a bug of the sandbox. */
export const gitOutput = async (
  folder: string,
  args: ReadonlyArray<string>,
  input = '',
): Promise<string> => {
  const { code, stdout, stderr } = await runGit(folder, args, input);
  if (code !== 0) throw new Error(`git ${args.join(' ')} in ${folder} answered ${code}: ${stderr}`);
  return stdout;
};
