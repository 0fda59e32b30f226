/** Why no flow wants a message. docs/events.md says what each code means to an operator. */
export type SetAsideCode =
  | 'bad-signature'
  | 'branch-deleted'
  | 'foreign-prefix'
  | 'fork'
  | 'no-flow-yet'
  | 'no-relevant-file'
  | 'not-a-branch'
  | 'not-complete'
  | 'other-artifact'
  | 'other-attribute'
  | 'other-namespace'
  | 'other-tag'
  | 'other-task'
  | 'own-commit'
  | 'own-message'
  | 'revoked-signer'
  | 'scratch-build'
  | 'secondary-instance'
  | 'topic-mismatch'
  | 'unknown-topic'
  | 'unreadable-body'
  | 'unreadable-message'
  | 'unsigned'
  | 'untrusted-signer';

export type SetAside = { readonly code: SetAsideCode; readonly explanation: string };

export const setAside = (code: SetAsideCode, explanation: string): SetAside => ({
  code,
  explanation,
});
