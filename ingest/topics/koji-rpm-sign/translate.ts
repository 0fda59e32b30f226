import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import type { Reading } from '../../../domain/trigger/reading.ts';
import type { SetAside } from '../../set-aside.ts';
import { maybe, Name, readAs } from '../fields.ts';
import { secondaryInstance } from '../koji-checks.ts';
import type { Topic } from '../topic.ts';

const rpm = { name: Name, arch: Name, build_id: Count };

const Signed = t.type(
  {
    sigkey: Name,
    rpm: t.type(rpm, 'rpm'),
    build: maybe(t.type({ nvr: maybe(Name) }, 'build')),
    instance: maybe(Name),
  },
  'signed rpm',
);

/** Until about 2015. */
const SignedOld = t.type(
  { info: t.type({ ...rpm, sigkey: Name }, 'info'), instance: maybe(Name) },
  'signed rpm of old',
);
const AnySigned = t.union([Signed, SignedOld], 'signed rpm');

const read = (body: t.TypeOf<typeof AnySigned>): E.Either<SetAside, Reading> => {
  const no = secondaryInstance(body);
  if (no !== undefined) return E.left(no);
  const isOld = 'info' in body;
  const { name, arch, build_id: buildId } = isOld ? body.info : body.rpm;
  const { sigkey } = isOld ? body.info : body;
  return E.right({
    kind: 'RpmSigned',
    id: `koji-rpm-sign:${buildId}/${name}.${arch}@${sigkey}`,
    searchKey: (isOld ? null : body.build?.nvr) ?? String(buildId),
    buildId,
    sigkey,
  });
};

/** One RPM was signed with one key: per architecture and sub-package. Source: reference, signing. */
export const kojiRpmSign: Topic = {
  patterns: ['buildsys.rpm.sign', 'brew.sign.rpm'],
  translate: readAs(AnySigned, read),
};
