import { argv } from 'node:process';
import { buildsModel } from '../../projectors/builds/row.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { must } from '../projectors/read-models-suite.ts';
import { aBuild } from '../support/api-rows.ts';
import { writeRow } from './write-row.ts';

/** Another process: gives build 1 of a file another name, then ends. */
const [file = '', position = '', name = ''] = argv.slice(2);
const models = await must(openEmbeddedReadModels({ file }));
await writeRow(models, buildsModel, position, aBuild({ id: 1, name }));
await models.close();
