import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import type { Reading } from '../../../domain/trigger/reading.ts';
import type { NormalForm } from '../../normal-form.ts';
import type { SetAside } from '../../set-aside.ts';
import { setAside } from '../../set-aside.ts';
import { maybe, Name, readAs, VersionText } from '../fields.ts';
import { secondaryInstance } from '../koji-checks.ts';
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

type Move = { readonly tag: string; readonly nvr: string; readonly instance: string | null };

/** A build gets here when it is signed: `f28-updates-testing-pending`, `epel7-testing-pending`. */
const signed = /^(f\d+|epel\d+(?:\.\d+)?(?:-next)?)(?:-modular)?(?:-updates)?-testing-pending$/;
/** Builds of Rawhide and ELN ship by entering these. */
const release = /^(?:f\d+|eln)$/;

const read = ({ tag, nvr, instance }: Move, { topic }: NormalForm): E.Either<SetAside, Reading> => {
  const no = secondaryInstance({ instance });
  if (no !== undefined) return E.left(no);
  if (topic.endsWith('untag'))
    return E.left(setAside('other-tag', `${nvr} was taken out of ${tag}`));
  const searchKey = nvr;
  const branch = signed.exec(tag)?.[1];
  if (branch !== undefined) {
    const id = `signed:${nvr}`;
    return E.right({ kind: 'BrewSignRPMEvent', id, searchKey, nvr, branch, via: 'tag' });
  }
  if (!release.test(tag)) {
    const reason = `${nvr} entered ${tag}, which neither ships builds nor says that they are signed`;
    return E.left(setAside('other-tag', reason));
  }
  const builds = [{ nvr, type: 'rpm' }];
  return E.right({
    ...{ kind: 'BodhiUpdateCompleteStableEvent', id: `tag:${tag}@${nvr}`, searchKey },
    ...{ via: 'tag', branch: tag, builds },
  });
};

/** A build was tagged or untagged. Source: reference, buildsys.tag. */
export const kojiTag: Topic = {
  patterns: ['buildsys.tag', 'buildsys.untag'],
  translate: readAs(KojiTag, (body, message) =>
    read({ ...body, nvr: `${body.name}-${body.version}-${body.release}` }, message),
  ),
};

/** The same on the UMB. */
export const brewTag: Topic = {
  patterns: ['brew.build.tag', 'brew.build.untag'],
  translate: readAs(BrewTag, ({ tag, build, instance }, message) =>
    read({ tag: tag.name, nvr: build.nvr, instance }, message),
  ),
};
