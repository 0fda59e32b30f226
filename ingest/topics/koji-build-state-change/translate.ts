import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import { maybe, Name, VersionText } from '../fields.ts';
import { otherAttribute, secondaryInstance } from '../koji-checks.ts';
import { noFlowYet } from '../no-flow-yet.ts';
import type { Topic } from '../topic.ts';

/** `task_id` is null for container builds, which come out of an import. */
const KojiBuild = t.type(
  {
    attribute: Name,
    instance: maybe(Name),
    build_id: Count,
    name: Name,
    version: VersionText,
    release: VersionText,
    task_id: maybe(Count),
    new: t.union([Count, VersionText], 'new value'),
  },
  'buildsys.build.state.change',
);

const BrewBuild = t.type(
  {
    attribute: Name,
    instance: maybe(Name),
    new: t.union([Count, VersionText], 'new value'),
    info: t.type(
      { id: Count, name: Name, version: VersionText, release: VersionText, task_id: maybe(Count) },
      'info',
    ),
  },
  'brew.build',
);

/** A Koji build began, ended or was deleted. Source: reference, buildsys.build.state.change. */
export const kojiBuildStateChange: Topic = {
  patterns: ['buildsys.build.state.change'],
  translate: noFlowYet(
    KojiBuild,
    'Koji build state change',
    (body) => secondaryInstance(body) ?? otherAttribute(body),
  ),
};

/** The same on the UMB, where the state is part of the topic. */
export const brewBuild: Topic = {
  patterns: ['building', 'complete', 'deleted', 'failed', 'canceled'].map((s) => `brew.build.${s}`),
  translate: noFlowYet(
    BrewBuild,
    'Brew build state change',
    (body) => secondaryInstance(body) ?? otherAttribute(body),
  ),
};
