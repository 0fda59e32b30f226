import { join } from 'node:path';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { distGitOverGit } from '../../clients/dist-git/git.ts';
import type { DistGit, DistGitFailure } from '../../clients/dist-git/port.ts';
import { mbsOverHttp } from '../../clients/mbs/http.ts';
import type { Mbs, MbsFailure } from '../../clients/mbs/port.ts';
import type { Config } from '../config/settings.ts';

const noMbs: MbsFailure = {
  code: 'mbs-unavailable',
  reason: 'No MBS is configured: set mbsUrl (FRESHMAKER_MBS_URL).',
};
const noGit: DistGitFailure = {
  code: 'git-unavailable',
  reason: 'No dist-git is configured: set gitUrl (FRESHMAKER_GIT_URL).',
};

const absentMbs: Mbs = {
  submitTimeout: 1000,
  submit: () => TE.left(noMbs),
  ofCommit: () => TE.left(noMbs),
  get: () => TE.left(noMbs),
  contents: () => TE.left(noMbs),
  readyPage: () => TE.left(noMbs),
};

const absentGit: DistGit = {
  scmurl: () => '',
  head: () => TE.left(noGit),
  bump: () => TE.left(noGit),
  changedFiles: () => TE.left(noGit),
};

/** Calls under way at once; MBS itself builds a handful of modules at a time. */
const concurrency = 4;

const mbsOf = (config: Config): Mbs =>
  config.mbsUrl === null
    ? absentMbs
    : mbsOverHttp({
        ...{ baseUrl: config.mbsUrl, concurrency },
        submitTimeout: config.mbsSubmitTimeout * 1000,
        readTimeout: config.mbsReadTimeout * 1000,
        ...(config.mbsToken === null ? {} : { token: config.mbsToken }),
      });

const distGitOf = (config: Config, environment: NodeJS.ProcessEnv): DistGit =>
  config.gitUrl === null
    ? absentGit
    : distGitOverGit({
        baseUrl: config.gitUrl,
        ...(config.gitPushUrl === null ? {} : { pushUrl: config.gitPushUrl }),
        workFolder: join(config.data, 'git'),
        author: { name: config.gitAuthor, email: config.gitEmail },
        timeout: config.gitTimeout * 1000,
        environment,
      });

/** The services outside that builds are made with. */
export type Clients = { readonly mbs: Mbs; readonly distGit: DistGit };

/** Clients as configured; one that is not configured answers that it is not. */
export const clientsOf = (config: Config, environment: NodeJS.ProcessEnv): Clients => ({
  mbs: mbsOf(config),
  distGit: distGitOf(config, environment),
});
