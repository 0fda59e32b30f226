import * as E from 'fp-ts/lib/Either.js';
import type { HeldVersion, Holder, ImageStream } from '../../domain/image/holder.ts';
import type { Reader, Row } from '../read-models.ts';
import { children } from './children.ts';
import type { Asked, Found } from './find.ts';
import { findAll, keyed, positionOf, streamOf } from './find.ts';
import { together } from './held.ts';
import type { Held, HeldRow, HeldRpm } from './row.ts';
import { imageKeys, isHeldNow, streamId } from './row.ts';

/** What a row says of one RPM, taken out of it. */
type Piece = { readonly rpm: HeldRpm; readonly now: boolean; readonly images: HeldRow['images'] };

const joined = (one: Piece | undefined, two: Piece): Piece =>
  one === undefined
    ? two
    : {
        rpm: together(one.rpm, two.rpm),
        now: one.now || two.now,
        images: { ...one.images, ...two.images },
      };

const holderOf = (image: ImageStream, rpmName: string, { rpm, now, images }: Piece): Holder => {
  const version = ([versionRelease, epoch, buildId]: Held): HeldVersion => ({
    ...{ rpm: `${rpmName}-${versionRelease}`, epoch, nvr: images[buildId] ?? '', buildId },
  });
  const [source, lowest, first, last] = rpm;
  return {
    ...{ image, rpmName, source, now },
    ...{ lowest: version(lowest), first: version(first), last: version(last) },
  };
};

type Wanted = (name: string, rpm: HeldRpm) => boolean;

/** Pieces by artifact and name of RPM; one whose source package changed may have several. */
const piecesOf = (rows: ReadonlyArray<Row>, wanted: Wanted) => {
  const pieces = new Map<string, Map<string, Piece>>();
  for (const { body } of rows) {
    const row = body as HeldRow;
    const ofImage = pieces.get(row.artifact) ?? new Map<string, Piece>();
    pieces.set(row.artifact, ofImage);
    for (const [name, rpm] of Object.entries(row.rpms)) {
      if (!wanted(name, rpm)) continue;
      const piece = { rpm, now: isHeldNow(row, rpm), images: row.images };
      ofImage.set(name, joined(ofImage.get(name), piece));
    }
  }
  return pieces;
};

const holdersIn = async (
  reader: Reader,
  rows: ReadonlyArray<Row>,
  wanted: Wanted,
): Asked<ReadonlyArray<Holder>> => {
  const pieces = piecesOf(rows, wanted);
  const streams = await findAll(reader, keyed([...pieces.keys()].map(imageKeys.artifact)));
  if (E.isLeft(streams)) return streams;
  return E.right(
    streams.right
      .map(streamOf)
      .flatMap((image) =>
        [...(pieces.get(image.artifact) ?? [])].map(([name, piece]) =>
          holderOf(image, name, piece),
        ),
      ),
  );
};

const holders =
  (
    reader: Reader,
    field: 'rpm' | 'source',
    value: string,
    wanted: Wanted,
  ): Found<{ readonly holders: ReadonlyArray<Holder> }> =>
  async () => {
    const asOf = await positionOf(reader);
    if (E.isLeft(asOf)) return asOf;
    const rows = await findAll(reader, [{ field, in: [value] }]);
    if (E.isLeft(rows)) return rows;
    const found = await holdersIn(reader, rows.right, wanted);
    return E.isLeft(found) ? found : E.right({ asOf: asOf.right, holders: found.right });
  };

/** Every image that ever held an RPM of this name. */
const everHeld =
  (reader: Reader) =>
  (rpmName: string): Found<{ readonly holders: ReadonlyArray<Holder> }> =>
    holders(reader, 'rpm', rpmName, (name) => name === rpmName);

/** Every image that ever held an RPM of this source package, once for each such RPM. */
const everHeldOfSource =
  (reader: Reader) =>
  (source: string): Found<{ readonly holders: ReadonlyArray<Holder> }> =>
    holders(reader, 'source', source, (_name, rpm) => rpm[0] === source);

/** What is known of one image; undefined while no build of it is on record. */
const image =
  (reader: Reader) =>
  (artifact: string): Found<{ readonly image: ImageStream | undefined }> =>
  async () => {
    const asOf = await positionOf(reader);
    if (E.isLeft(asOf)) return asOf;
    const row = await reader.get(streamId(artifact))();
    if (E.isLeft(row)) return row;
    const found = row.right === undefined ? undefined : streamOf(row.right);
    return E.right({ asOf: asOf.right, image: found });
  };

/** Answers what the sagas ask of images; `asOf` is the log position the answer has seen, or more. */
export const askImages = (reader: Reader, images: Reader) => ({
  everHeld: everHeld(reader),
  everHeldOfSource: everHeldOfSource(reader),
  children: children(reader, images),
  image: image(reader),
});
