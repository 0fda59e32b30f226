import type { JsonObject } from '../json.ts';
import type { Judgement, Subject } from '../policy/judge.ts';
import type { ArtifactKind } from '../stream-names.ts';

/** An artifact the trigger itself touches or might touch, with what shows whether it does. */
export type Direct = {
  readonly artifact: string;
  readonly kind: ArtifactKind;
  readonly name: string;
  readonly branch: string;
  readonly code: string;
  readonly evidence: JsonObject;
  /** Set when `code` says why it is not affected by itself. */
  readonly declined?: true;
};

/** `dependent` is built with, or on, `on`; both are artifact ids. */
export type Edge = { readonly on: string; readonly dependent: string };

export type WaveFacts = {
  readonly direct: ReadonlyArray<Direct>;
  readonly edges: ReadonlyArray<Edge>;
  readonly trigger: string;
  readonly policyVersion: string;
  readonly judge: (subject: Subject) => Judgement;
  /** Set when the trigger as a whole is declined: the code every candidate gets. */
  readonly declined?: { readonly code: string; readonly evidence: JsonObject };
  /** What every artifact that is rebuilt waits for, beside its parents. */
  readonly waitsFor?: ReadonlyArray<string>;
  /** Candidates decided for good before: whether they are rebuilt. */
  readonly settled?: ReadonlyMap<string, boolean>;
};
