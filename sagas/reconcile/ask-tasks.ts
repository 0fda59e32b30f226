import * as E from 'fp-ts/lib/Either.js';
import type { OwnTask } from '../../clients/koji/port.ts';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import { artifactStream, imageArtifact } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { ReconcileDeps } from './deps.ts';
import { allPages } from './pages.ts';
import type { Ask, Thing } from './question.ts';
import { difference, sinceMark } from './question.ts';

/** `…/container/httpd.git?#<hash>` is httpd. */
const repositoryOf = (source: string): string =>
  /\/([^/?#]+?)(?:\.git)?\/?\??#/u.exec(source)?.[1] ?? source;

/** On record as a task of ours, or what a call that has no outcome yet has made. */
const isOnRecord = ({ ownIds, running }: ArtifactState, { id, source, release }: OwnTask) => {
  if (ownIds.includes(id)) return true;
  const { externalIds = [], order = null } = running?.attempt ?? {};
  return externalIds.length === 0 && order?.source === source && order.release === release;
};

const thingOf = ({ hand, cache }: ReconcileDeps, task: OwnTask): Thing => {
  const name = repositoryOf(task.source);
  const stream = artifactStream('real', imageArtifact(name, task.branch ?? ''));
  return {
    examine: async () => {
      const loaded = await loadStream(hand.log, cache)(stream, artifact);
      if (E.isLeft(loaded)) return loaded;
      const { head, state } = loaded.right;
      if (isOnRecord(state, task)) return E.right(undefined);
      const release = task.release === null ? '' : `, release ${task.release}`;
      return E.right(
        difference({
          ...{ system: 'koji', code: 'unknown-to-us', externalId: task.id, action: 'none' },
          ...{ stream: head === undefined ? null : stream, found: task.stateName.toLowerCase() },
          subject: `${task.source}${release}`,
        }),
      );
    },
  };
};

const perPage = 100;

/** What Koji was asked for in our name since the last time. */
export const askOwnTasks: Ask = async (deps, course) => {
  const { koji } = deps.outside;
  if (koji === undefined) return undefined;
  const since = sinceMark(deps, course.marks.ownTasks);
  const { items, ...rest } = await allPages(course.signal, async (page) => {
    const listed = await koji.ownTasks(since, page * perPage, perPage)();
    return E.map((all: ReadonlyArray<OwnTask>) => ({ items: all, isLast: all.length < perPage }))(
      listed,
    );
  });
  return {
    ...{ count: items.length, things: items.map((task) => thingOf(deps, task)) },
    ...{ ...rest, mark: { ownTasks: course.begunAt } },
  };
};
