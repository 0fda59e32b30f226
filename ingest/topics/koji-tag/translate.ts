import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import { maybe, Name, VersionText } from '../fields.ts';
import { secondaryInstance } from '../koji-checks.ts';
import { noFlowYet } from '../no-flow-yet.ts';
import type { Topic } from '../topic.ts';

/** A build in or out of a tag. Until about 2014 without the build's id and the instance. */
const KojiTag = t.type(
  {
    tag: Name,
    name: Name,
    version: VersionText,
    release: VersionText,
    build_id: maybe(Count),
    instance: maybe(Name),
  },
  'buildsys.tag',
);

const BrewTag = t.type(
  {
    tag: t.type({ name: Name }, 'tag'),
    build: t.type({ id: Count, nvr: Name }, 'build'),
    instance: maybe(Name),
  },
  'brew.build.tag',
);

/** A build was tagged or untagged. Source: reference, buildsys.tag. */
export const kojiTag: Topic = {
  patterns: ['buildsys.tag', 'buildsys.untag'],
  translate: noFlowYet(KojiTag, 'Koji tag event', secondaryInstance),
};

/** The same on the UMB. */
export const brewTag: Topic = {
  patterns: ['brew.build.tag', 'brew.build.untag'],
  translate: noFlowYet(BrewTag, 'Brew tag event', secondaryInstance),
};
