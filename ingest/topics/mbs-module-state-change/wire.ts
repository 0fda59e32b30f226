import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import { maybe, Name, VersionText } from '../fields.ts';

/** A module build moved on. Until 2018 without context, later with or without modulemd. */
export const MbsModuleStateChange = t.type(
  {
    id: Count,
    name: Name,
    stream: Name,
    state: Count,
    state_name: maybe(Name),
    state_reason: maybe(t.string),
    version: maybe(VersionText),
    context: maybe(Name),
    scmurl: maybe(t.string),
    modulemd: maybe(t.string),
    scratch: maybe(t.boolean),
  },
  'mbs.module.state.change',
);
export type MbsBuild = t.TypeOf<typeof MbsModuleStateChange>;
