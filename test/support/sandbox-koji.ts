import * as E from 'fp-ts/lib/Either.js';
import { decodeAnswer, type XmlRpcAnswer } from '../../clients/koji/xml-rpc/decode.ts';
import { encodeCall } from '../../clients/koji/xml-rpc/encode.ts';
import { keywords, type XmlRpcValue } from '../../clients/koji/xml-rpc/value.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { ask, git } from './sandbox.ts';

export type Json = Readonly<Record<string, unknown>>;
type Params = ReadonlyArray<XmlRpcValue>;
export type Answered = { readonly status: number; readonly text: string };
type Headers = Readonly<Record<string, string>>;

/** Sends one call to the hub and answers what came back, as text. */
export const rawCall = async (
  sandbox: Sandbox,
  method: string,
  params: Params = [],
  headers: Headers = {},
): Promise<Answered> => {
  const body = encodeCall(method, params);
  if (E.isLeft(body)) throw new Error(body.left);
  const path = method === 'sslLogin' ? '/ssllogin' : '';
  const response = await fetch(sandbox.kojiUrl + path, {
    ...{ method: 'POST', body: body.right },
    headers: { 'Content-Type': 'text/xml', ...headers },
  });
  return { status: response.status, text: await response.text() };
};

export const read = ({ text }: Answered): XmlRpcAnswer => {
  const answer = decodeAnswer(text);
  if (E.isLeft(answer)) throw new Error(`${answer.left}: ${text.slice(0, 200)}`);
  return answer.right;
};

/** The value a call answers; a fault is an error. */
export const call = async (
  sandbox: Sandbox,
  method: string,
  ...params: Params
): Promise<XmlRpcValue> => {
  const answer = read(await rawCall(sandbox, method, params));
  if (answer.type === 'value') return answer.value;
  throw new Error(`${method}: ${answer.code} ${answer.text}`);
};

/** The fault a call answers, as `code text`. */
export const faultOf = async (
  sandbox: Sandbox,
  method: string,
  params: Params = [],
  headers: Headers = {},
): Promise<string> => {
  const answer = read(await rawCall(sandbox, method, params, headers));
  return answer.type === 'fault' ? `${answer.code} ${answer.text}` : 'no fault';
};

export type Login = { readonly id: number; readonly key: string };

export const login = async (sandbox: Sandbox, user?: string): Promise<Login> => {
  const headers = user === undefined ? {} : { 'X-Sandbox-User': user };
  const answer = read(await rawCall(sandbox, 'sslLogin', [], headers));
  const { 'session-id': id, 'session-key': key } = (
    answer.type === 'value' ? answer.value : {}
  ) as Record<string, unknown>;
  return { id: Number(id), key: String(key) };
};

export const session = ({ id, key }: Login, callnum: number): Headers => ({
  ...{ 'Koji-Session-Id': String(id), 'Koji-Session-Key': key },
  'Koji-Session-Callnum': String(callnum),
});

/** Commit at the head of an image's branch. */
export const imageHead = async (
  sandbox: Sandbox,
  name: string,
  branch: string,
): Promise<string> => {
  await fetch(`${sandbox.gitUrl}/container/${name}.git/info/refs?service=git-upload-pack`);
  const folder = `${sandbox.gitFolder}/container/${name}.git`;
  return git(folder, 'rev-parse', `refs/heads/${branch}`);
};

export const sourceOf = async (sandbox: Sandbox, name: string, branch: string): Promise<string> => {
  const commit = await imageHead(sandbox, name, branch);
  return `git://pkgs.fedoraproject.org/container/${name}?#${commit}`;
};

/** Orders a build of the head of `name:branch`, logged in anew; answers what the hub said. */
export const orderImage = async (
  sandbox: Sandbox,
  image: string,
  opts: Json = {},
): Promise<Answered> => {
  const [name = '', branch = ''] = image.split(':');
  const source = await sourceOf(sandbox, name, branch);
  const release = branch === 'master' ? 'rawhide' : branch;
  const options = { scratch: false, git_branch: branch, ...opts } as {
    [name: string]: XmlRpcValue;
  };
  const params = [source, `${release}-container-candidate`, options];
  return rawCall(sandbox, 'buildContainer', params, session(await login(sandbox), 1));
};

export const taskIdOf = (answered: Answered): number => {
  const answer = read(answered);
  if (answer.type === 'fault') throw new Error(`${answer.code} ${answer.text}`);
  return Number(answer.value);
};

export type ShownBuild = Json & {
  readonly id: number;
  readonly nvr: string;
  readonly name: string;
  readonly branch: string | null;
  readonly parent: string | null;
  readonly rpms: ReadonlyArray<string>;
  readonly tags: ReadonlyArray<string>;
};

/** Builds of an image, oldest first. */
export const imageBuildsOf = async (
  sandbox: Sandbox,
  name: string,
): Promise<ReadonlyArray<ShownBuild>> =>
  (await ask(sandbox, `/sandbox/koji/builds?kind=image&name=${name}`))
    .body as ReadonlyArray<ShownBuild>;

const ENDED = [2, 3, 5];

/** Asks for a task until it has ended; answers its state. */
export const endOf = async (sandbox: Sandbox, id: number): Promise<number> => {
  for (const start = Date.now(); Date.now() - start < 60_000;) {
    const { state } = (await call(sandbox, 'getTaskInfo', id)) as { readonly state: number };
    if (ENDED.includes(state)) return state;
  }
  throw new Error(`task ${id} did not end`);
};

/** Builds `name:branch` to the end; answers the newest build, or the task's fault as `code text`. */
export const buildImage = async (
  sandbox: Sandbox,
  image: string,
  opts: Json = {},
): Promise<ShownBuild | string> => {
  const id = taskIdOf(await orderImage(sandbox, image, opts));
  const state = await endOf(sandbox, id);
  if (state !== 2) return faultOf(sandbox, 'getTaskResult', [id]);
  const result = (await call(sandbox, 'getTaskResult', id)) as { koji_builds: Array<string> };
  const builds = await imageBuildsOf(sandbox, image.split(':')[0] ?? '');
  return builds.find((build) => String(build.id) === result.koji_builds[0]) ?? 'no such build';
};

export const named = keywords;

/** Builds `name:branch`, which fails: the task's fault as `code text`. */
export const failureOf = async (
  sandbox: Sandbox,
  image: string,
  opts: Json = {},
): Promise<string> => {
  const said = await buildImage(sandbox, image, opts);
  if (typeof said !== 'string') throw new Error(`${said.nvr} was built`);
  return said;
};
