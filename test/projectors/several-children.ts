import { argv, stdout } from 'node:process';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { openMongoReadModels } from '../../projectors/mongodb/open.ts';
import { at, fruit, fruits, must, row } from './read-models-suite.ts';

/**
 * Opens the file or database at once with others; tells when it has become the writer, and then
 * writes on, so many rows at a time.
 */
const [place = '', owner = '', lease = '10000', size = '20'] = argv.slice(2);
const options = { lease: Number(lease) };
const opened = place.startsWith('mongodb:')
  ? openMongoReadModels({ url: place, ...options })
  : openEmbeddedReadModels({ file: place, ...options });
const models = await must(opened);
const writer = await must(models.writer(fruits, owner));
if (writer === undefined) {
  stdout.write('stands by\n');
  await models.close();
} else {
  stdout.write('writes\n');
  for (let n = 1; ; n += 1) {
    const rows = Array.from({ length: Number(size) }, (_, i) =>
      row(fruit(i, { weight: n, orders: [n] }), n),
    );
    await must(writer.commit(rows, at(n)));
    stdout.write(`${n}\n`);
    await new Promise(setImmediate);
  }
}
