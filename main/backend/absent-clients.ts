import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Bodhi } from '../../clients/bodhi/port.ts';
import type { DistGit } from '../../clients/dist-git/port.ts';
import type { Koji } from '../../clients/koji/port.ts';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { Odcs } from '../../clients/odcs/port.ts';

const unset = (what: string, name: string, env: string): string =>
  `No ${what} is configured: set ${name} (${env}).`;

const no = <Code extends string>(code: Code, reason: string) => TE.left({ code, reason } as const);

const noMbs = no('mbs-unavailable', unset('MBS', 'mbsUrl', 'FRESHMAKER_MBS_URL'));
const noGit = no('git-unavailable', unset('dist-git', 'gitUrl', 'FRESHMAKER_GIT_URL'));
const noKoji = no('koji-unavailable', unset('Koji', 'kojiUrl', 'FRESHMAKER_KOJI_URL'));
const noOdcs = no('odcs-unavailable', unset('ODCS', 'odcsUrl', 'FRESHMAKER_ODCS_URL'));
const noBodhi = no('bodhi-unavailable', unset('Bodhi', 'bodhiUrl', 'FRESHMAKER_BODHI_URL'));

/** Milliseconds; nothing is ever called. */
const aSecond = 1000;

export const absentMbs: Mbs = {
  submitTimeout: aSecond,
  submit: () => noMbs,
  ofCommit: () => noMbs,
  get: () => noMbs,
  contents: () => noMbs,
  readySince: () => noMbs,
  readyPage: () => noMbs,
  rpmBuilds: () => noMbs,
};

export const absentGit: DistGit = {
  scmurl: () => '',
  head: () => noGit,
  bump: () => noGit,
  changedFiles: () => noGit,
};

export const absentKoji: Koji = {
  callTimeout: aSecond,
  buildContainer: () => noKoji,
  findTask: () => noKoji,
  task: () => noKoji,
  build: () => noKoji,
  rpmsOf: () => noKoji,
  signaturesOf: () => noKoji,
  tagsOf: () => noKoji,
  imageContents: () => noKoji,
  imageBuilds: () => noKoji,
  imageBuildsSince: () => noKoji,
  ownTasks: () => noKoji,
};

export const absentOdcs: Odcs = {
  callTimeout: aSecond,
  create: () => noOdcs,
  get: () => noOdcs,
  newestId: () => noOdcs,
  find: () => noOdcs,
  ownSince: () => noOdcs,
  renew: () => noOdcs,
  remove: () => noOdcs,
  repofileExists: () => noOdcs,
};

export const absentBodhi: Bodhi = { update: () => noBodhi };
