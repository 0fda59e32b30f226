import * as t from 'io-ts';
import { Count, JsonRecord, texts, textOrNull } from '../codec.ts';

export const Verdict = t.union([t.literal('yes'), t.literal('no'), t.literal('later')], 'verdict');

/** The verdict on one candidate: code first, rule and policy version second, evidence third. */
export const Decision = t.strict(
  {
    /** Artifact id: `module:<name>:<stream>`, `image:<name>:<branch>`. */
    artifact: t.string,
    kind: t.union([t.literal('module'), t.literal('image')]),
    name: t.string,
    branch: t.string,
    verdict: Verdict,
    code: t.string,
    /** The id of the policy rule that spoke; null when none did. */
    rule: textOrNull,
    policyVersion: t.string,
    evidence: JsonRecord,
    reason: t.union([t.literal('directly_affected'), t.literal('dependency')]),
    /** Artifacts of the same wave whose rebuild must succeed first. */
    waitsFor: texts,
    depth: Count,
  },
  'decision',
);
export type Decision = t.TypeOf<typeof Decision>;
