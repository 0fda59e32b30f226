import * as E from 'fp-ts/lib/Either.js';
import type { HeldVersion, Holder } from '../../domain/image/holder.ts';
import type { Evr } from '../../domain/rpm/evr.ts';
import { parseNvr } from '../../domain/rpm/nvr.ts';
import { evrText } from '../../domain/rpm/evr.ts';
import type { TriggerState } from '../../domain/trigger/trigger.ts';
import type { Held, HeldImage, UpdatedRpm } from '../../domain/wave/lookups.ts';
import { rpmsOf } from '../../domain/wave/lookups.ts';
import type { Hindrance } from '../act.ts';
import { forEach } from '../side-by-side.ts';
import { awaitContents } from './await-contents.ts';
import type { WaveDeps } from './deps.ts';
import type { Answers } from './record-answers.ts';
import { oldest, upTo } from './up-to.ts';

/** Packages asked about side by side. */
const atOnce = 8;

type Asked = Pick<UpdatedRpm, 'by' | 'name'>;
type Found = {
  readonly asked: string;
  readonly asOf: string;
  readonly holders: ReadonlyArray<Holder>;
};

const ask = async (
  { images }: WaveDeps,
  needed: string,
  { by, name }: Asked,
): Promise<E.Either<Hindrance, Found>> => {
  const asking = by === 'rpm' ? images.everHeld(name) : images.everHeldOfSource(name);
  const answer = upTo(needed, await asking());
  return E.isLeft(answer) ? answer : E.right({ asked: name, ...answer.right });
};

const evrOf = ({ rpm, epoch }: HeldVersion): string => {
  const parsed = parseNvr(rpm);
  if (E.isLeft(parsed)) return rpm;
  const evr: Evr = { ...parsed.right, epoch: epoch === 0 ? null : epoch };
  return evrText(evr);
};

const heldOf = (asked: string, { rpmName, lowest, last, now }: Holder): Held => ({
  ...{ asked, rpm: rpmName, lowest: evrOf(lowest), lowestIn: lowest.nvr },
  ...{ last: evrOf(last), lastIn: last.nvr, now },
});

const namesOf = (lookups: TriggerState['lookups']): ReadonlyArray<Asked> => [
  ...new Map(rpmsOf(lookups).map(({ by, name }) => [name, { by, name }])).values(),
];

const byImage = (found: ReadonlyArray<Found>): ReadonlyArray<HeldImage> => {
  const images = new Map<string, HeldImage & { readonly held: Array<Held> }>();
  for (const { asked, holders } of found) {
    for (const holder of holders) {
      const { artifact, newest } = holder.image;
      const { nvr, arches } = newest;
      const image = images.get(artifact) ?? { artifact, nvr, arches, held: [] };
      image.held.push(heldOf(asked, holder));
      images.set(artifact, image);
    }
  }
  return [...images.values()].sort((one, other) => (one.artifact < other.artifact ? -1 : 1));
};

/** Few enough for an event, however long the names are. */
const heldPerEntry = 100;

const inEntries = (image: HeldImage): ReadonlyArray<HeldImage> =>
  Array.from({ length: Math.ceil(image.held.length / heldPerEntry) }, (_, entry) => ({
    ...image,
    held: image.held.slice(entry * heldPerEntry, (entry + 1) * heldPerEntry),
  }));

/** Every image that ever held one of the update's RPMs, in which versions, and whether it does now. */
export const lookUpImages = async (
  deps: WaveDeps,
  needed: string,
  lookups: TriggerState['lookups'],
): Promise<E.Either<Hindrance, Answers>> => {
  const unknown = await awaitContents(deps, needed);
  if (E.isLeft(unknown)) return unknown;
  const found = await forEach(namesOf(lookups), atOnce, (asked) => ask(deps, needed, asked));
  if (E.isLeft(found)) return found;
  const asOf = oldest(
    found.right.map((each) => each.asOf),
    needed,
  );
  return E.right({
    whole: unknown.right,
    lists: [{ question: 'images', entries: byImage(found.right).flatMap(inEntries), asOf }],
  });
};
