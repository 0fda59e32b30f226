import type { Subject } from '../../../domain/policy/judge.ts';
import type { Condition, Policy, Rule } from '../../../domain/policy/policy.ts';

export const aPolicy = (...rules: ReadonlyArray<Rule>): Policy => ({
  rules,
  quietWindow: 60,
  longestWait: 3600,
  oldestTrigger: 86_400,
  retries: { submission: 3, build: 1, backOff: 60 },
  pushes: { authoritative: 'git.receive', coverWindow: 60 },
});

export const allow = (id: string, when: Condition): Rule => ({ id, verdict: 'allow', when });
export const deny = (id: string, when: Condition): Rule => ({ id, verdict: 'deny', when });

export const later = (id: string, when: Condition, until: string): Rule => ({
  ...{ id, verdict: 'later', when, until },
});

export const aSubject = (parts: Partial<Subject> = {}): Subject => ({
  kind: 'module',
  name: 'nodejs',
  branch: '20',
  flow: 'module',
  trigger: 'GitRPMSpecChangeEvent',
  ...parts,
});
