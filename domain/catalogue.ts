import type * as t from 'io-ts';
import { ArtifactEvent } from './artifact/events.ts';
import { BackfillEvent } from './backfill/events.ts';
import { BranchEvent } from './branch/events.ts';
import { CatchUpEvent } from './catch-up/events.ts';
import { ComposeEvent } from './compose/events.ts';
import { ImageEvent } from './image/events.ts';
import { LogCreated } from './log/events.ts';
import { MessageEvent } from './message/events.ts';
import { ModuleContentsRecorded } from './module/events.ts';
import { NumberAssigned } from './number/events.ts';
import { PolicyAdopted } from './policy/events.ts';
import { ReconcileEvent } from './reconcile/events.ts';
import { SigningEvent } from './signing/events.ts';
import { TriggerEvent } from './trigger/events.ts';

/** Every fact the log may hold. A type's name is storage format: superseded, never changed. */
export type DomainEvent =
  | ArtifactEvent
  | BackfillEvent
  | BranchEvent
  | CatchUpEvent
  | ComposeEvent
  | ImageEvent
  | ReconcileEvent
  | SigningEvent
  | MessageEvent
  | TriggerEvent
  | t.TypeOf<typeof LogCreated>
  | t.TypeOf<typeof ModuleContentsRecorded>
  | t.TypeOf<typeof NumberAssigned>
  | t.TypeOf<typeof PolicyAdopted>;

type Codec = t.Decoder<unknown, DomainEvent> & { readonly name: string };

const codecs: ReadonlyArray<Codec> = [
  ...ArtifactEvent.types,
  ...BackfillEvent.types,
  ...BranchEvent.types,
  ...CatchUpEvent.types,
  ...ComposeEvent.types,
  ...ImageEvent.types,
  ...ReconcileEvent.types,
  ...SigningEvent.types,
  ...MessageEvent.types,
  ...TriggerEvent.types,
  LogCreated,
  ModuleContentsRecorded,
  NumberAssigned,
  PolicyAdopted,
];

/** The codec of each event type, by the type's name. */
export const catalogue: ReadonlyMap<string, Codec> = new Map(
  codecs.map((codec) => [codec.name, codec]),
);
