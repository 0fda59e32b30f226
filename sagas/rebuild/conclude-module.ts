import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactState, Late, Running } from '../../domain/artifact/state.ts';
import { idle } from '../act.ts';
import { isBeyondDescribing, recordContents } from '../record-contents.ts';
import type { RebuildDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { correlationOf, tellOn } from './tell.ts';

/** What the new build holds is recorded first, so that whoever asks after it finds it. */
export const concludeModule = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  { build, triggers, attempt }: Running,
): Step => {
  const correlationId = correlationOf(state, triggers);
  for (const id of attempt.externalIds) {
    const contents = await deps.mbs.contents(id)();
    if (E.isLeft(contents)) {
      if (!isBeyondDescribing(contents.left)) return contents;
      const { code, reason } = contents.left;
      deps.report({ level: 'error', saga: 'rebuild', stream, code, reason });
      continue;
    }
    const recorded = await recordContents(deps.hand, { correlationId }, contents.right);
    if (E.isLeft(recorded)) return recorded;
  }
  const at = deps.hand.now();
  return tellOn(deps, stream, correlationId, { type: 'ConcludeSuccess', build, at });
};

/**
 * A build that was given up has a row that is ready: when all rows of its commit are, it counts as a
 * success after all, which frees what waits for it. Else the next such message asks again.
 */
export const reviveModule = async (
  deps: RebuildDeps,
  stream: string,
  { name, branch, finished, causes }: ArtifactState,
  { build, commit }: Late,
): Step => {
  const rows = await deps.mbs.ofCommit(name, branch, commit)();
  if (E.isLeft(rows)) return rows;
  if (rows.right.length === 0 || !rows.right.every((row) => row.state === ready)) {
    return E.right(idle);
  }
  const triggers = finished.find((ended) => ended.build === build)?.triggers ?? [];
  const correlationId = triggers.map((id) => causes[id]?.cause.messageId ?? '')[0] ?? '';
  for (const { id } of rows.right) {
    const contents = await deps.mbs.contents(id)();
    if (E.isLeft(contents)) return contents;
    const recorded = await recordContents(deps.hand, { correlationId }, contents.right);
    if (E.isLeft(recorded)) return recorded;
  }
  return tellOn(deps, stream, correlationId, { type: 'Revive', build, at: deps.hand.now() });
};

const ready = 5;
