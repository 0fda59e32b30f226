import type { XmlRpcStruct, XmlRpcValue } from '../../../clients/koji/xml-rpc/value.ts';
import { commit, fault, source, value, type Answering } from './a-hub.ts';

export type Fault = { readonly faultCode: number; readonly faultString: string };
export type Params = ReadonlyArray<XmlRpcValue>;
export type Methods = Readonly<Record<string, (params: Params) => XmlRpcValue>>;

const isFault = (answer: XmlRpcValue): answer is Fault =>
  typeof answer === 'object' && answer !== null && 'faultCode' in answer;

type SubCall = { readonly methodName: string; readonly params: Params };

const unknown = { faultCode: 1000, faultString: 'Invalid method' };

/** A hub of these methods, alone or within multiCall; an answer with a faultCode is a fault. */
export const answeringBy = (methods: Methods): Answering => {
  const run = (method: string, params: Params): XmlRpcValue =>
    methods[method]?.(params) ?? (method in methods ? null : unknown);
  return ({ method, params }, response) => {
    if (method === 'multiCall') {
      const calls = params[0] as unknown as ReadonlyArray<SubCall>;
      const answers = calls.map((call) => run(call.methodName, call.params));
      return value(
        response,
        answers.map((answer) => (isFault(answer) ? answer : [answer])),
      );
    }
    const answer = run(method, params);
    if (isFault(answer)) return fault(response, answer.faultCode, answer.faultString);
    value(response, answer);
  };
};

/** A complete build of the image oven on f40, made FROM base; as getBuild tells it. */
export const anImage = (over: XmlRpcStruct = {}, image: XmlRpcStruct = {}): XmlRpcStruct => ({
  ...{ id: 31, build_id: 31, nvr: 'oven-container-1.2-3.f40', name: 'oven-container' },
  ...{ version: '1.2', release: '3.f40', epoch: null, state: 1, task_id: null, source },
  completion_ts: 1772600767.25,
  completion_time: '2026-03-04 05:06:07.250000+00:00',
  extra: {
    container_koji_task_id: 501,
    image: {
      parent_build_id: 21,
      parent_images: ['registry.example.org/tools:f40', 'registry.example.org/base:f40'],
      parent_image_builds: {
        'registry.example.org/tools:f40': { id: 20, nvr: 'tools-1-1.f40' },
        'registry.example.org/base:f40': { id: 21, nvr: 'base-40-7.f40' },
      },
      ...image,
    },
  },
  ...over,
});

export const anArchive = (id: number, arch: string): XmlRpcStruct => ({
  ...{ id, build_id: 31, btype: 'image', arch: null, size: 5_000_000_000 },
  extra: { image: { arch } },
});

export const anRpm = (id: number, nvr: string, build: number, epoch: number | null = null) => {
  const [, name = '', version = '', release = ''] = /^(.+)-([^-]+)-([^-]+)$/.exec(nvr) ?? [];
  const rpm = { id, name, version, release, nvr, epoch, build_id: build, arch: 'x86_64' };
  return { ...rpm, size: 3_000_000_000, external_repo_id: 0 };
};

export const theTask: XmlRpcStruct = {
  ...{ id: 501, state: 2, method: 'buildContainer' },
  request: [source, 'f40-container-candidate', { scratch: false, git_branch: 'f40' }],
};

/** What Koji has on the image above. */
export const theWorld: Methods = {
  getBuild: ([asked]) => {
    if (asked === 31) return anImage();
    if (asked === 11) return { id: 11, name: 'flour' };
    return asked === 12 ? { id: 12, name: 'yeast' } : null;
  },
  listArchives: () => [anArchive(61, 'x86_64'), anArchive(62, 'aarch64')],
  getTaskInfo: () => theTask,
  listRPMs: () => [anRpm(2, 'yeast-2-1.fc40', 12), anRpm(1, 'flour-libs-1.1-7.fc40', 11, 1)],
};

/** What the client makes of it. */
export const theContents = {
  ...{ buildId: 31, nvr: 'oven-container-1.2-3.f40', component: 'oven-container' },
  ...{ namespace: 'container', name: 'oven', branch: 'f40', target: 'f40-container-candidate' },
  commit,
  parent: { buildId: 21, nvr: 'base-40-7.f40' },
  arches: ['aarch64', 'x86_64'],
  taskId: 501,
  completedAt: '2026-03-04T05:06:07.250Z',
  rpms: [
    { nvr: 'flour-libs-1.1-7.fc40', epoch: 1, source: 'flour' },
    { nvr: 'yeast-2-1.fc40', epoch: null, source: 'yeast' },
  ],
};
