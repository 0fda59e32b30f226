import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import type { Reading } from '../../../domain/trigger/reading.ts';
import type { SetAside } from '../../set-aside.ts';
import { setAside } from '../../set-aside.ts';
import { maybe, Name, readAs, VersionText } from '../fields.ts';
import { otherAttribute, secondaryInstance } from '../koji-checks.ts';
import type { Topic } from '../topic.ts';

const change = {
  attribute: Name,
  instance: maybe(Name),
  new: t.union([Count, VersionText], 'new value'),
};
const named = { name: Name, version: VersionText, release: VersionText };

/** `task_id` is null for container builds, which come out of an import. */
const KojiBuild = t.type(
  { ...change, ...named, build_id: Count, task_id: maybe(Count) },
  'buildsys.build.state.change',
);

const BrewBuild = t.type(
  { ...change, info: t.type({ ...named, id: Count, task_id: maybe(Count) }, 'info') },
  'brew.build',
);

type Change = {
  readonly attribute: string;
  readonly instance: string | null;
  readonly new: number | string;
};
type Build = {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly release: string;
};

/** BUILDING 0, COMPLETE 1, DELETED 2, FAILED 3, CANCELED 4. */
const isComplete = (state: number | string): boolean => ['1', 'COMPLETE'].includes(String(state));

const read = (change: Change, build: Build): E.Either<SetAside, Reading> => {
  const nvr = `${build.name}-${build.version}-${build.release}`;
  const no = secondaryInstance(change) ?? otherAttribute(change);
  if (no !== undefined) return E.left(no);
  if (!isComplete(change.new)) {
    return E.left(setAside('not-complete', `${nvr} went to state ${change.new}, not COMPLETE (1)`));
  }
  const { id: buildId } = build;
  return E.right({
    ...{ kind: 'KojiBuildComplete', id: `koji-build:${buildId}`, searchKey: nvr, buildId, nvr },
  });
};

/** A Koji build began, ended or was deleted. Source: reference, buildsys.build.state.change. */
export const kojiBuildStateChange: Topic = {
  patterns: ['buildsys.build.state.change'],
  translate: readAs(KojiBuild, (body) => read(body, { ...body, id: body.build_id })),
};

/** The same on the UMB, where the state is part of the topic. */
export const brewBuild: Topic = {
  patterns: ['building', 'complete', 'deleted', 'failed', 'canceled'].map((s) => `brew.build.${s}`),
  translate: readAs(BrewBuild, (body) => read(body, body.info)),
};
