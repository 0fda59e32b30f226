/** What a reconcile asks, in the order in which it asks. */
export const questions = [
  /** The archive of the bus: what was published and never heard. */
  'missed-messages',
  /** Module builds that run by our record: how far are they in MBS? */
  'running-modules',
  /** Image builds that run by our record: how far are they in Koji? */
  'running-images',
  /** What became ready in MBS since the last time. */
  'ready-modules',
  /** What image builds were completed in Koji since the last time. */
  'finished-images',
  /** What Koji was asked for in our name since the last time. */
  'own-tasks',
  /** Composes that are open by our record: how far are they in ODCS? */
  'open-composes',
  /** What ODCS was asked for in our name since the last time. */
  'own-composes',
] as const;
export type Question = (typeof questions)[number];

export const systems = ['mbs', 'koji', 'odcs'] as const;

/** In what way record and service differ. */
export const differenceCodes = [
  /** A row, task or compose of ours is in another state than the one on record. */
  'state-differs',
  /** A call without an outcome on record was carried out. */
  'outcome-unrecorded',
  /** A build given up on record has a row that is ready. */
  'late-success',
  /** A module of others is ready, and nothing on record tells so. */
  'ready-unheard',
  /** An image build is complete, and nothing on record tells so. */
  'image-unheard',
  /** The service has it in our name, or of a commit of ours, and no record of ours knows it. */
  'unknown-to-us',
] as const;
export type DifferenceCode = (typeof differenceCodes)[number];

/** What is done about it. */
export const actions = [
  /** The saga that follows it is to look at once: it records what it sees. */
  'look',
  /**
   * It is told to the record as its message would have been. Where that failed the completed event
   * names it among what could not be reached, and the next run finds it again.
   */
  'noticed',
  /** Nothing: a person may want to look. */
  'none',
] as const;
export type Action = (typeof actions)[number];
