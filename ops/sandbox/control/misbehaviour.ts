import { chance } from '../random.ts';
import type { Store } from '../store.ts';

export const KINDS = [
  'slow',
  'conflict',
  'unavailable',
  'error-before-row',
  'error-after-row',
  'reset-before-row',
  'reset-after-row',
  'build-fails',
  'never-finishes',
  'bus-drops',
  'datagrepper-unavailable',
  'no-messages',
  'duplicate-messages',
  'fetch-fails',
  'refuse-push',
  'odcs-unavailable',
  'odcs-refuses',
  'odcs-reset-before-compose',
  'odcs-reset-after-compose',
  'odcs-error-after-compose',
  'compose-fails',
  'compose-never-finishes',
  'compose-expires',
  'repofile-late',
  'bodhi-unavailable',
  'koji-unavailable',
  'koji-offline',
  'koji-reset-before-task',
  'koji-reset-after-task',
  'koji-slow',
  'koji-retry-fault',
  'koji-refuses',
  'koji-session-expired',
  'koji-refuses-login',
  'image-fails',
  'image-never-finishes',
  'image-canceled',
] as const;
export type Kind = (typeof KINDS)[number];

export type Rule = {
  readonly id: number;
  readonly kind: Kind;
  /** `name`, `name:stream` or null for any module; a package or build for a compose or an update. */
  readonly module: string | null;
  /** `namespace/repo` or null for any repository. */
  readonly repo: string | null;
  /** How many times more; null means until cleared. */
  readonly count: number | null;
  readonly ms: number;
  readonly when: 'before' | 'after';
  readonly reason: string;
  /** The HTTP status of a refusal. */
  readonly status: number;
  /** Of messages that are dropped, from 0 to 1. */
  readonly share: number;
};

export type Subject =
  | { readonly name: string; readonly stream: string }
  | { readonly repo: string }
  | { readonly names: ReadonlyArray<string> };

export type Misbehaviour = {
  readonly add: (rule: Omit<Rule, 'id'>) => Rule;
  readonly list: () => ReadonlyArray<Rule>;
  readonly clear: () => void;
  /** The first rule of this kind that concerns the subject; it has one use less afterwards. */
  readonly take: (kind: Kind, subject: Subject) => Rule | undefined;
};

const concerns = (rule: Rule, subject: Subject): boolean => {
  if ('repo' in subject) return rule.repo === null || rule.repo === subject.repo;
  if (rule.module === null) return true;
  if ('names' in subject) return subject.names.includes(rule.module);
  return rule.module === subject.name || rule.module === `${subject.name}:${subject.stream}`;
};

/** Whether the bus loses a message: by its id, so that the same world loses the same ones. */
export const isDropped = (rules: ReadonlyArray<Rule>, id: string): boolean =>
  rules.some(({ kind, share }) => kind === 'bus-drops' && chance('bus-drops', id) < share);

const SETTING = 'misbehaviour';

/** Rules for things to go wrong; they survive a restart. */
export const openMisbehaviour = (store: Store): Misbehaviour => {
  let rules = JSON.parse(store.setting(SETTING) ?? '[]') as ReadonlyArray<Rule>;
  const save = (next: ReadonlyArray<Rule>): void => {
    rules = next;
    store.set(SETTING, JSON.stringify(rules));
  };
  const used = (rule: Rule): ReadonlyArray<Rule> =>
    rule.count === null ? [rule] : rule.count > 1 ? [{ ...rule, count: rule.count - 1 }] : [];
  return {
    add: (rule) => {
      const added = { id: Math.max(0, ...rules.map(({ id }) => id)) + 1, ...rule };
      save([...rules, added]);
      return added;
    },
    list: () => rules,
    clear: () => save([]),
    take: (kind, subject) => {
      const found = rules.find((rule) => rule.kind === kind && concerns(rule, subject));
      if (found?.count != null)
        save(rules.flatMap((rule) => (rule === found ? used(rule) : [rule])));
      return found;
    },
  };
};
