import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DistGit } from '../../../../clients/dist-git/port.ts';
import type { Koji, KojiBuild } from '../../../../clients/koji/port.ts';
import { absentGit, absentKoji } from '../../../../main/backend/absent-clients.ts';
import type { Scenario } from '../recorded.ts';
import { commitOf } from '../recorded.ts';
import type { Request } from './recorded-images.ts';
import { requestsOf, worldOf } from './recorded-images.ts';

const missing = (what: string) =>
  TE.left({ code: 'koji-missing', reason: `Koji has no ${what}.` } as const);

const buildOf = (scenario: Scenario, nvr: string): KojiBuild | undefined => {
  const known = worldOf(scenario).koji_builds?.[nvr];
  const [, name = '', version = '', release = ''] = /^(.+)-([^-]+)-([^-]+)$/u.exec(nvr) ?? [];
  if (known === undefined) return undefined;
  return { id: known.id, nvr, name, version, release, epoch: null, state: 1 };
};

/** Koji in memory: it answers as recorded, its tasks stay open, and it keeps what it was asked. */
export const aKoji = (scenario: Scenario, requests: Array<Request>): Koji => {
  const builds = worldOf(scenario).koji_builds ?? {};
  const answers = [...requestsOf(scenario)];
  const tasks = new Map<string, number>();
  return {
    ...absentKoji,
    callTimeout: 500,
    build: (nvr) => {
      const build = buildOf(scenario, String(nvr));
      return build === undefined ? missing(`build ${nvr}`) : TE.right(build);
    },
    rpmsOf: (id) => {
      const [nvr, known] = Object.entries(builds).find(([, one]) => one.id === id) ?? [];
      const build = nvr === undefined ? undefined : buildOf(scenario, nvr);
      if (known === undefined || build === undefined) return missing(`build ${id}`);
      const { version, release } = build;
      return TE.right(
        known.rpms.map(({ name, arch }, at) => ({
          ...{ id: id * 100 + at, name, arch, version, release, epoch: null },
        })),
      );
    },
    findTask: ({ source, release }) => {
      const id = tasks.get(`${source} ${release ?? ''}`);
      if (id === undefined) return TE.right(undefined);
      return TE.right({ id, state: 1, stateName: 'OPEN', reason: null, builds: [] });
    },
    buildContainer: ({ source, target, branch, release }) => {
      requests.push({ source, target, branch });
      const at = answers.findIndex((one) => one.source === source);
      const task = answers.splice(at < 0 ? answers.length : at, 1)[0]?.task ?? null;
      if (task === null) {
        return TE.left({ code: 'koji-refused', fault: 1005, reason: 'koji is down' });
      }
      tasks.set(`${source} ${release ?? ''}`, task);
      return TE.right(task);
    },
    task: (id) => TE.right({ id, state: 1, stateName: 'OPEN', reason: null, builds: [] }),
  };
};

/** dist-git in memory: heads as recorded, and of what was pushed. */
export const aDistGit = (scenario: Scenario, gitBase: string): DistGit => {
  const heads = new Map(Object.entries(worldOf(scenario).git_heads ?? {}));
  for (const { message } of scenario.steps) {
    const push = commitOf(message);
    if (push !== undefined) {
      heads.set(`${gitBase}/${push.namespace}/${push.repo} ${push.branch}`, push.rev);
    }
  }
  return {
    ...absentGit,
    scmurl: (namespace, repo, commit) => `${gitBase}/${namespace}/${repo}.git?#${commit}`,
    head: (namespace, repo, branch) =>
      TE.fromNullable({ code: 'git-refused', reason: 'The clone failed.' } as const)(
        heads.get(`${gitBase}/${namespace}/${repo} ${branch}`),
      ),
  };
};
