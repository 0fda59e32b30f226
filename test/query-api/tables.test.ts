import test from 'ava';
import { stockedApi } from '../support/stocked-api.ts';

type Names = { readonly items: ReadonlyArray<{ readonly id: number; readonly name: string }> };

const sizes: ReadonlyArray<readonly [string, number, string]> = [
  ['event-types', 19, 'FlatpakApplicationManualBuildEvent'],
  ['build-types', 4, 'IMAGE_REPOSITORY'],
  ['build-states', 5, 'PLANNED'],
];

for (const [path, size, last] of sizes) {
  test(`${path} has ${size} names, numbered from 0 in order, the last one ${last}`, async (t) => {
    const app = await stockedApi(t);
    const { items } = (await app.inject(`/api/1/${path}/`)).json<Names>();
    t.deepEqual(
      items.map(({ id }) => id),
      Array.from({ length: size }, (_none, index) => index),
    );
    t.is(items.at(-1)?.name, last);
    t.deepEqual((await app.inject(`/api/2/${path}/${size - 1}`)).json(), items.at(-1));
  });
}
