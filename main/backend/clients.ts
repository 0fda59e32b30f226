import { join } from 'node:path';
import { bodhiOverHttp } from '../../clients/bodhi/http.ts';
import { distGitOverGit } from '../../clients/dist-git/git.ts';
import type { Bodhi } from '../../clients/bodhi/port.ts';
import type { DistGit } from '../../clients/dist-git/port.ts';
import { mbsOverHttp } from '../../clients/mbs/http.ts';
import { kojiOverXmlRpc } from '../../clients/koji/koji.ts';
import { kerberosNegotiate } from '../../clients/koji/negotiate.ts';
import type { Koji } from '../../clients/koji/port.ts';
import type { Mbs } from '../../clients/mbs/port.ts';
import { odcsOverHttp } from '../../clients/odcs/http.ts';
import type { Odcs } from '../../clients/odcs/port.ts';
import type { Config } from '../config/settings.ts';
import { absentBodhi, absentGit, absentKoji, absentMbs, absentOdcs } from './absent-clients.ts';

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

/** What is only read may take no longer than this, in milliseconds. */
const longestRead = 30_000;

const kojiOf = (config: Config): Koji => {
  if (config.kojiUrl === null) return absentKoji;
  const { kojiCertificate: cert, kojiKey: key, kojiAuthority: ca } = config;
  const callTimeout = config.kojiTimeout * 1000;
  return kojiOverXmlRpc({
    ...{ baseUrl: config.kojiUrl, concurrency, callTimeout },
    readTimeout: Math.min(callTimeout, longestRead),
    tls: {
      ...(ca === null ? {} : { ca }),
      ...(cert === null ? {} : { cert, key: key ?? cert }),
    },
    ...(config.kojiLogin === 'gssapi' ? { negotiate: kerberosNegotiate() } : {}),
  });
};

const odcsOf = (config: Config): Odcs =>
  config.odcsUrl === null
    ? absentOdcs
    : odcsOverHttp({
        ...{ baseUrl: config.odcsUrl, concurrency, callTimeout: config.odcsTimeout * 1000 },
        ...(config.odcsToken === null ? {} : { token: config.odcsToken }),
        ...(config.odcsOwner === null ? {} : { owner: config.odcsOwner }),
      });

const bodhiOf = ({ bodhiUrl }: Config): Bodhi =>
  bodhiUrl === null
    ? absentBodhi
    : bodhiOverHttp({ baseUrl: bodhiUrl, concurrency, callTimeout: longestRead });

/** The services outside that builds are made with, and asked about. */
export type Clients = {
  readonly mbs: Mbs;
  readonly distGit: DistGit;
  readonly koji: Koji;
  readonly odcs: Odcs;
  readonly bodhi: Bodhi;
};

/** Clients as configured; one that is not configured answers that it is not. */
export const clientsOf = (config: Config, environment: NodeJS.ProcessEnv): Clients => ({
  mbs: mbsOf(config),
  distGit: distGitOf(config, environment),
  koji: kojiOf(config),
  odcs: odcsOf(config),
  bodhi: bodhiOf(config),
});
