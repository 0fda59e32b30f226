import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { moduleLine, type Distribution } from '../../ops/sandbox/distribution/distribution.ts';
import { imageLine, packageLine } from '../../ops/sandbox/distribution/images.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../ops/sandbox/sandbox.ts';

type Json = Readonly<Record<string, unknown>>;
export type Heard = { readonly topic: string; readonly id: string; readonly body: Json };
export type ShownRow = Json & {
  readonly id: number;
  readonly name: string;
  readonly state: number;
  readonly context: string;
  readonly version: string;
  readonly modulemd: string;
  readonly commit: string;
};

const linesOf = (lines: ReadonlyArray<string>, kind: string): ReadonlyArray<string> =>
  lines.filter((line) => line.startsWith(`${kind} `));

/** A distribution of a few lines, quick to start: modules, `image …` and `package …`. */
export const distributionOf = (...lines: ReadonlyArray<string>): Distribution => ({
  platforms: ['f28', 'f27'],
  modules: lines.filter((line) => !/^(image|package) /.test(line)).map(moduleLine),
  packages: ['bash'],
  images: linesOf(lines, 'image').map(imageLine),
  sources: linesOf(lines, 'package').map(packageLine),
});

export const tempFolder = (t: ExecutionContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-sandbox-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const cleanEnvironment = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'freshmaker',
  GIT_AUTHOR_EMAIL: 'freshmaker@example.org',
  GIT_COMMITTER_NAME: 'freshmaker',
  GIT_COMMITTER_EMAIL: 'freshmaker@example.org',
};

export const gitWith = async (
  environment: Readonly<Record<string, string>>,
  folder: string,
  ...args: ReadonlyArray<string>
): Promise<string> => {
  const env = { ...cleanEnvironment, ...environment };
  return (await promisify(execFile)('git', args, { cwd: folder, env })).stdout.trim();
};

export const git = async (folder: string, ...args: ReadonlyArray<string>): Promise<string> =>
  gitWith({}, folder, ...args);

export type Answered = { readonly status: number; readonly text: string; readonly body: unknown };

const read = async (response: Response): Promise<Answered> => {
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return {
    status: response.status,
    text,
    body: isJson ? (JSON.parse(text) as unknown) : undefined,
  };
};

export const ask = async (sandbox: Sandbox, path: string): Promise<Answered> =>
  read(await fetch(sandbox.url + path));

export const post = async (sandbox: Sandbox, path: string, body: unknown): Promise<Answered> =>
  read(await fetch(sandbox.url + path, { method: 'POST', body: JSON.stringify(body) }));

export const rowsOf = async (sandbox: Sandbox, name: string): Promise<ReadonlyArray<ShownRow>> => {
  const { body } = await ask(sandbox, '/sandbox/rows');
  return (body as ReadonlyArray<ShownRow>).filter((row) => row.name === name);
};

type FeedPage = { readonly messages: ReadonlyArray<Heard>; readonly next: string };

export const feed = async (sandbox: Sandbox, after: string, wait = 0): Promise<FeedPage> =>
  (await ask(sandbox, `/bus/feed?after=${after}&wait=${wait}&max=1000`)).body as FeedPage;

/** Reads the bus from its beginning until this holds of all that was heard. */
export const hear = async (
  sandbox: Sandbox,
  enough: (heard: ReadonlyArray<Heard>) => boolean,
): Promise<ReadonlyArray<Heard>> => {
  let { messages, next } = await feed(sandbox, '');
  while (!enough(messages)) {
    const page = await feed(sandbox, next, 20);
    if (page.messages.length === 0) throw new Error('nothing more was said on the bus for 20 s');
    messages = [...messages, ...page.messages];
    next = page.next;
  }
  return messages;
};

const PREFIX = 'org.fedoraproject.prod.';

export const ofTopic = (heard: ReadonlyArray<Heard>, topic: string): ReadonlyArray<Heard> =>
  heard.filter((message) => message.topic === PREFIX + topic);

export const statesOf = (heard: ReadonlyArray<Heard>, id: number): ReadonlyArray<unknown> =>
  ofTopic(heard, 'mbs.module.state.change')
    .filter(({ body }) => body['id'] === id)
    .map(({ body }) => body['state_name']);

/** A sandbox of its own for one test, with quick builds and a world of `foo:f28`. */
export const aSandbox = async (
  t: ExecutionContext,
  options: Partial<SandboxOptions> = {},
): Promise<Sandbox> => {
  const sandbox = await startSandbox({
    data: options.data ?? tempFolder(t),
    buildTime: 5,
    stepTime: 5,
    distribution: distributionOf('foo:f28 unbuilt holds bash@f28'),
    warn: (text) => t.log(text),
    ...options,
  });
  t.teardown(async () => sandbox.close());
  return sandbox;
};

/** The newest commit of a module's branch. */
export const headOf = async (sandbox: Sandbox, repo: string, branch: string): Promise<string> =>
  git(join(sandbox.gitFolder, 'modules', `${repo}.git`), 'rev-parse', `refs/heads/${branch}`);

/** Submits the head of a module's branch to MBS. */
export const submitHead = async (
  sandbox: Sandbox,
  repo: string,
  branch: string,
  api = 2,
): Promise<Answered> => {
  const commit = await headOf(sandbox, repo, branch);
  const scmurl = `${sandbox.gitUrl}/modules/${repo}.git?#${commit}`;
  return post(sandbox, `/module-build-service/${api}/module-builds/`, { scmurl, branch });
};
