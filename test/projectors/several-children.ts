import { argv, stdout } from 'node:process';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { at, fruit, fruits, must, row } from './read-models-suite.ts';

/** Opens the file at once with others; tells when it has become the writer, and then writes on. */
const [file = '', owner = ''] = argv.slice(2);
const models = await must(openEmbeddedReadModels({ file }));
const writer = await must(models.writer(fruits, owner));
if (writer === undefined) {
  stdout.write('stands by\n');
  await models.close();
} else {
  stdout.write('writes\n');
  for (let n = 1; ; n += 1) {
    const rows = Array.from({ length: 20 }, (_, i) => row(fruit(i, { weight: n, orders: [n] }), n));
    await must(writer.commit(rows, at(n)));
    stdout.write(`${n}\n`);
    await new Promise(setImmediate);
  }
}
