import * as E from 'fp-ts/lib/Either.js';
import type { Authority, NoAuthority } from '../../../ingest/fedmsg/authority.ts';
import { readAuthority } from '../../../ingest/fedmsg/authority.ts';
import { followFedmsg } from '../../../ingest/fedmsg/follow-fedmsg.ts';
import type { Config } from '../../config/settings.ts';
import { handOf } from '../../identity.ts';
import type { SourceDeps, StartSource } from './source.ts';

const name = 'The subscription to fedmsg';

const authorityOf = ({
  fedmsgSignatures,
  fedmsgAuthority,
  fedmsgRevocations,
}: Config): E.Either<NoAuthority, Authority | undefined> => {
  if (fedmsgSignatures === 'ignored') return E.right(undefined);
  if (fedmsgAuthority !== null) return readAuthority(fedmsgAuthority, fedmsgRevocations);
  const reason =
    'fedmsgSignatures is "required", but there is no authority to trust signers by. Name its PEM file as fedmsgAuthority, or set fedmsgSignatures to "ignored" to believe everyone.';
  return E.left({ code: 'bad-authority', reason });
};

const follow = (
  { config, stores: { log }, logger, beatOf, heard }: SourceDeps,
  endpoints: ReadonlyArray<string>,
  signal: AbortSignal,
): ReturnType<typeof followFedmsg> | Promise<E.Either<NoAuthority, never>> => {
  const authority = authorityOf(config);
  if (E.isLeft(authority)) return Promise.resolve(authority);
  return followFedmsg(
    {
      ingest: {
        ...handOf(log, 'freshmaker'),
        ...{ transport: 'fedmsg', accepted: config.topicPrefixes },
        heard: () => heard('fedmsg'),
      },
      realm: config.rehearsal ? 'rehearsal' : 'real',
      ...{ endpoints, topics: config.fedmsgTopics, authority: authority.right },
      report: ({ level, code, reason }) => logger.pino[level]({ part: 'fedmsg', code }, reason),
      ...{ clock: Date.now, random: Math.random, beat: beatOf(name) },
    },
    signal,
  );
};

/** fedmsg: ZeroMQ publishers of signed messages. */
export const startFedmsg: StartSource = (deps, signal) => {
  const endpoints = deps.config.fedmsgEndpoints;
  return endpoints.length === 0 ? [] : [[name, follow(deps, endpoints, signal)]];
};
