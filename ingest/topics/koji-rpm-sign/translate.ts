import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import { maybe, Name } from '../fields.ts';
import { secondaryInstance } from '../koji-checks.ts';
import { noFlowYet } from '../no-flow-yet.ts';
import type { Topic } from '../topic.ts';

const Signed = t.type(
  {
    sigkey: Name,
    rpm: t.type({ name: Name, arch: Name, build_id: Count }, 'rpm'),
    instance: maybe(Name),
  },
  'signed rpm',
);

/** Until about 2015. */
const SignedOld = t.type(
  {
    info: t.type({ name: Name, arch: Name, build_id: Count, sigkey: Name }, 'info'),
    instance: maybe(Name),
  },
  'signed rpm of old',
);

/** One RPM was signed with one key: per architecture and sub-package. Source: reference, signing. */
export const kojiRpmSign: Topic = {
  patterns: ['buildsys.rpm.sign', 'brew.sign.rpm'],
  translate: noFlowYet(
    t.union([Signed, SignedOld], 'signed rpm'),
    'BrewSignRPMEvent',
    secondaryInstance,
  ),
};
