import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';
import type { ImageRpm } from '../../domain/image/events.ts';
import type { Read } from './hub.ts';
import { multiCall, shaped, type Result } from './read.ts';

/** listRPMs' rows, as far as contents need them. */
export const HeldRpm = t.intersection(
  [
    t.type({ name: t.string, version: t.string, release: t.string }),
    t.partial({
      epoch: t.union([Count, t.null]),
      build_id: t.union([Count, t.null]),
    }),
  ],
  'rpm of an image',
);
export type HeldRpm = t.TypeOf<typeof HeldRpm>;

/** Source package names by build id. */
export type SourceNames = {
  /** Learns the names of these builds, those not known yet by one question each. */
  readonly learn: (builds: ReadonlyArray<number>) => Result<ReadonlyMap<number, string>>;
};

const Named = t.type({ name: t.string }, 'build');

/** Names are kept, the `most` last used of them: one build's RPMs are in many images. */
export const sourceNames = (read: Read, most = 20_000): SourceNames => {
  const kept = new Map<number, string>();
  const keep = (id: number, name: string): void => {
    kept.delete(id);
    kept.set(id, name);
    const oldest = kept.keys().next();
    if (kept.size > most && oldest.done !== true) kept.delete(oldest.value);
  };
  const learn: SourceNames['learn'] = async (builds) => {
    const known = new Map<number, string>();
    const unknown: Array<number> = [];
    for (const id of new Set(builds)) {
      const name = kept.get(id);
      if (name === undefined) unknown.push(id);
      else known.set(id, name);
    }
    const calls = unknown.map((id) => ({ methodName: 'getBuild', params: [id] }));
    const answers = await multiCall(read, calls, 100);
    if (E.isLeft(answers)) return answers;
    answers.right.forEach((answer, at) => {
      const id = unknown[at];
      const named = E.chain(shaped(Named, 'getBuild'))(answer);
      if (id !== undefined && E.isRight(named)) known.set(id, named.right.name);
    });
    for (const [id, name] of known) keep(id, name);
    return E.right(known);
  };
  return { learn };
};

const orderOf = (a: ImageRpm, b: ImageRpm): number => {
  if (a.nvr !== b.nvr) return a.nvr < b.nvr ? -1 : 1;
  return (a.epoch ?? 0) - (b.epoch ?? 0);
};

/** Each RPM once, whatever the arches; one whose build is unknown counts as its own source. */
export const rpmsOfImage = (
  held: ReadonlyArray<HeldRpm>,
  sources: ReadonlyMap<number, string>,
): ReadonlyArray<ImageRpm> => {
  const distinct = new Map<string, ImageRpm>();
  for (const rpm of held) {
    const nvr = `${rpm.name}-${rpm.version}-${rpm.release}`;
    const epoch = rpm.epoch ?? null;
    const source = sources.get(rpm.build_id ?? -1) ?? rpm.name;
    distinct.set(`${nvr} ${epoch ?? 0}`, { nvr, epoch, source });
  }
  return [...distinct.values()].sort(orderOf);
};
