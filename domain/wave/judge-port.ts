/** A module stream, by its two names. */
export type ModuleRef = { readonly name: string; readonly stream: string };

/** What policy is asked about. */
export type Subject = {
  readonly kind: string;
  readonly name: string;
  readonly branch: string;
  readonly flow: string;
  readonly trigger: string;
};

/** What policy answers, and the rule that spoke. */
export type Verdict = {
  readonly verdict: 'yes' | 'no';
  readonly code: string;
  readonly rule: string | null;
};
